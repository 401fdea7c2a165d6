package dev.mme5.benchmarks.subject;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Text for the tokenizer: sentences of one kind, repeated in a seeded order. */
public enum TokenizerText {
    /** Prose. */
    ENGLISH(
            "The quick embedding of a picture begins with its pixels, which are cut into tiles and then into patches.",
            "In 1969 two people walked on the Moon; they brought home 21.5 kilograms of rock and a great many photographs.",
            "She said that the train wouldn't leave before half past nine, so we'd better have breakfast first, shouldn't we?",
            "Retrieval systems compare one short query with millions of documents, therefore every millisecond of latency counts.",
            "An old lighthouse stands at the northern end of the island, painted in red and white stripes, and visited by few.",
            "Results were significant (p < 0.001), although the authors caution against generalising from 47 participants.",
            "Find me an everyday image that matches the given caption: a brown dog catching a frisbee in a city park.",
            "The committee's report, published yesterday, recommends lower speed limits near schools and better street lighting.",
            "Butter the dish, layer the potatoes with cream and garlic, and bake everything at 180 degrees for about an hour."),
    /** Many scripts, numbers, signs and emoji. */
    MIXED_SCRIPTS(
            "这张照片里有一只猫和一条狗，它们坐在窗台上看着外面的雨。",
            "東京の春は桜がとても綺麗で、たくさんの人がカメラを持って公園へ行きます。",
            "서울의 밤거리는 밝고 사람들은 늦게까지 시장에서 음식을 먹는다.",
            "Быстрая коричневая лиса перепрыгивает через ленивую собаку у старого моста.",
            "الصورة تظهر قطة صغيرة تجلس بجانب النافذة وتنظر إلى المطر.",
            "यह तस्वीर एक छोटे बाज़ार की है जहाँ लोग फल और सब्ज़ियाँ खरीद रहे हैं।",
            "ภาพนี้แสดงให้เห็นตลาดน้ำที่มีเรือหลายลำขายผลไม้และอาหาร",
            "Η μικρή γάτα κάθεται δίπλα στο παράθυρο και κοιτάζει τη βροχή.",
            "החתול הקטן יושב ליד החלון ומביט בגשם היורד על העיר.",
            "Größe, Übermut und Straßenlärm: l'été à Besançon n'était déjà plus très loin, ¿verdad?",
            "x_{i+1} = f(x_i) ± 3.1415 × 10⁻⁷ → {\"ids\": [128000, 42], \"ok\": true}",
            "🙂👍🏽 🇫🇷 ☕️ 12:30 → 🚀🚀 «готово» 100 % ✓");

    private static final int BYTES = 1 << 19;

    private final List<String> sentences;

    TokenizerText(String... sentences) {
        this.sentences = List.of(sentences);
    }

    /** Half a megabyte of UTF-8. Words repeat, as in any text, but long passages do not. */
    String text() {
        Random random = new Random(ordinal());
        StringBuilder text = new StringBuilder();
        int bytes = 0;
        List<String> order = new ArrayList<>(sentences);
        while (bytes < BYTES) {
            Collections.shuffle(order, random);
            for (String sentence : order) {
                String line = sentence + (random.nextInt(4) == 0 ? "\n" : " ");
                text.append(line);
                bytes += line.getBytes(StandardCharsets.UTF_8).length;
            }
        }
        return text.toString();
    }
}
