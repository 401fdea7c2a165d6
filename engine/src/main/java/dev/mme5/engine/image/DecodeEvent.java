package dev.mme5.engine.image;

import dev.mme5.engine.image.raster.RgbImage;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** An image that is decoded, in the JDK's flight recorder. Has no name of a file: recordings are passed on. */
@Name("dev.mme5.Decode")
@Label("Decode")
@Category("mme5")
@Description("An image file that is decoded")
@StackTrace(false)
final class DecodeEvent extends Event {
    @Label("Format")
    String format;

    @Label("File Size")
    @DataAmount
    long bytes;

    @Label("Width")
    int width;

    @Label("Height")
    int height;

    /** An event that has begun. */
    static DecodeEvent started() {
        DecodeEvent event = new DecodeEvent();
        event.begin();
        return event;
    }

    /** @param image null when the file was refused */
    void end(ImageFormat imageFormat, byte[] file, RgbImage image) {
        end(); // else it has no duration yet, and is below any threshold
        if (!shouldCommit()) return;
        format = imageFormat.title();
        bytes = file.length;
        width = image == null ? 0 : image.width();
        height = image == null ? 0 : image.height();
        commit();
    }
}
