package dev.mme5.server.api;

import dev.mme5.engine.ImageSource;
import dev.mme5.engine.Input;
import java.util.List;

/**
 * What becomes one vector.
 *
 * @param place where it stands in the request, such as {@code input[3]}
 * @param text its words; null for images alone
 * @param images its images
 * @param isSpecial whether special tokens in the text are recognised; otherwise they are text like any other
 */
public record Item(String place, String text, List<ImageSource> images, boolean isSpecial) {
    public Item {
        images = List.copyOf(images);
    }

    /** A text. */
    public static Item text(String place, String text, boolean isSpecial) {
        return new Item(place, text, List.of(), isSpecial);
    }

    Item withText(String other) {
        return new Item(place, other, images, isSpecial);
    }

    /** @param instruction for images without words */
    Input input(String instruction) {
        Input input = text == null ? Input.images(images, instruction) : Input.images(images, text);
        return isSpecial ? input : input.withoutSpecialTokens();
    }

    /** Bytes of heap that it holds. */
    long bytes() {
        long bytes = text == null ? 0 : 2L * text.length();
        for (ImageSource image : images) {
            if (image instanceof ImageSource.Bytes(byte[] data, String name)) bytes += data.length;
        }
        return bytes;
    }
}
