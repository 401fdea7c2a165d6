package dev.mme5.cli.preview;

import dev.mme5.engine.image.PngEncoder;
import dev.mme5.engine.image.raster.RgbImage;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** The ways in which terminals show images. The launcher finds out which of them the terminal knows. */
public enum TerminalImages {
    /** The graphics protocol of kitty: PNG in chunks of base64. */
    KITTY {
        @Override
        public String show(RgbImage image) {
            String data = Base64.getEncoder().encodeToString(PngEncoder.encode(image));
            StringBuilder out = new StringBuilder();
            for (int start = 0; start < data.length(); start += MAX_CHUNK) {
                int end = Math.min(start + MAX_CHUNK, data.length());
                String first = start == 0 ? "f=100,a=T,q=2," : "";
                out.append("\033_G").append(first).append(end < data.length() ? "m=1;" : "m=0;").append(data, start, end).append("\033\\");
            }
            return out.append('\n').toString();
        }
    },

    /** Inline images of iTerm2. */
    ITERM2 {
        @Override
        public String show(RgbImage image) {
            byte[] png = PngEncoder.encode(image);
            return "\033]1337;File=inline=1;size=" + png.length + ";width=" + image.width() + "px;height=" + image.height() + "px:"
                    + Base64.getEncoder().encodeToString(png) + "\007\n";
        }
    },

    /** Sixels. */
    SIXEL {
        @Override
        public String show(RgbImage image) {
            return SixelEncoder.encode(image) + "\n";
        }
    };

    /** The largest chunk that kitty takes, in characters. */
    private static final int MAX_CHUNK = 4096;

    /** The protocol of a name, or empty if there is none of that name. */
    public static Optional<TerminalImages> named(String name) {
        for (TerminalImages protocol : values()) {
            if (protocol.name().toLowerCase(Locale.ROOT).equals(name)) return Optional.of(protocol);
        }
        return Optional.empty();
    }

    /** Shows an image at the cursor and goes on in a new line. */
    public abstract String show(RgbImage image);
}
