package dev.mme5.langchain4j;

import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.mme5.engine.ImageSource;
import dev.mme5.engine.Input;
import java.util.ArrayList;
import java.util.List;

/**
 * LangChain4j's inputs as the engine's. Images that come first take the model's standard form, with the text as plain text. Where a text
 * comes before an image, the prompt has {@code <|image|>} at the image's place, so the model reads both in their order.
 */
record InputConverter(Instructions instructions, ImageReader images) {
    Input convert(EmbeddingInput input, EmbeddingInputType type) {
        Instructions.Affixes affixes = instructions.of(type);
        List<ImageSource> sources = new ArrayList<>();
        StringBuilder prompt = new StringBuilder();
        int textEnd = -1;   // where the last text ended, to join neighbours as EmbeddingInput.text() does
        boolean isInterleaved = false;
        for (Content content : input.contents()) {
            switch (content) {
                case TextContent text -> {
                    if (textEnd == prompt.length()) prompt.append('\n');
                    prompt.append(text.text());
                    textEnd = prompt.length();
                }
                case ImageContent image -> {
                    isInterleaved |= textEnd >= 0;
                    sources.add(images.read(image.image()));
                    prompt.append(Input.IMAGE_TOKEN);
                }
                default -> throw new UnsupportedFeatureException("mme5 embeds TEXT and IMAGE, not " + content.type());
            }
        }
        if (isInterleaved) return interleaved(input, affixes, prompt, sources);
        String text = affixes.before() + prompt.substring(Input.IMAGE_TOKEN.length() * sources.size()) + affixes.after();
        if (sources.isEmpty()) return Input.text(text).withoutSpecialTokens();
        boolean hasWords = !text.isEmpty();
        return Input.images(sources, hasWords ? text : Input.STANDARD_INSTRUCTION).withoutSpecialTokens();
    }

    private static Input interleaved(EmbeddingInput input, Instructions.Affixes affixes, CharSequence prompt, List<ImageSource> sources) {
        for (Content content : input.contents()) {
            if (content instanceof TextContent text
                    && (text.text().contains(Input.IMAGE_TOKEN) || text.text().contains(Input.BEGIN_OF_TEXT))) {
                throw new InvalidRequestException("a text before an image may not have " + Input.IMAGE_TOKEN + " or "
                        + Input.BEGIN_OF_TEXT + " in it; put the image first");
            }
        }
        return Input.prompt(affixes.before() + prompt + affixes.after(), sources.toArray(ImageSource[]::new));
    }
}
