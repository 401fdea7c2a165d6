package dev.mme5.engine.testing;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.engine.InputException;

/** What a user sees whose JVM has too little memory for a text of the longest kind. */
public final class SmallHeap {
    private SmallHeap() {}

    public static void main(String[] args) {
        try (EmbeddingModel model = EmbeddingModel.open(Golden.read("a-bf16-hub").folder())) {
            System.out.println(model.embed(Input.text("a")).tokens());
            model.embed(Input.text("1".repeat(131_071)));
        } catch (InputException e) {
            System.out.println(e.getMessage());
        }
    }
}
