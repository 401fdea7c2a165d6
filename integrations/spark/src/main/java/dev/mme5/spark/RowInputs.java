package dev.mme5.spark;

import dev.mme5.engine.ImageSource;
import dev.mme5.engine.Input;
import dev.mme5.engine.InputException;
import dev.mme5.engine.InputException.Reason;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * The input of a row. Special tokens in its text are text.
 *
 * @param textCol position of the texts, or -1
 * @param imageCol position of the images, or -1
 * @param before what stands in front of every text
 * @param after what follows it
 */
record RowInputs(int textCol, int imageCol, String before, String after, ImageValues images) {
    static final String TEXT = "{text}";

    static RowInputs of(int textCol, int imageCol, String instruction, ImageValues images) {
        int text = instruction.indexOf(TEXT);
        return text < 0
                ? new RowInputs(textCol, imageCol, instruction, "", images)
                : new RowInputs(textCol, imageCol, instruction.substring(0, text), instruction.substring(text + TEXT.length()), images);
    }

    /** @throws InputException when there is neither a text nor an image, or the image's file cannot be read */
    Input of(Row row) {
        String text = textCol < 0 || row.isNullAt(textCol) ? null : row.getString(textCol);
        Object image = imageCol < 0 || row.isNullAt(imageCol) ? null : row.get(imageCol);
        if (image != null) return image(images.source(image), text);
        if (text == null) throw new InputException(Reason.EMPTY, "the row has no text and no image");
        return text(text);
    }

    Input text(String text) {
        return Input.literal(before + text + after);
    }

    private Input image(ImageSource source, String text) {
        String words = before + (text == null ? "" : text) + after;
        return Input.images(List.of(source), words.isEmpty() ? Input.STANDARD_INSTRUCTION : words).withoutSpecialTokens();
    }
}
