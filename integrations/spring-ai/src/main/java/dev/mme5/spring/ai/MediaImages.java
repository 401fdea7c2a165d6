package dev.mme5.spring.ai;

import dev.mme5.engine.ImageSource;
import java.net.URL;
import java.util.Base64;
import org.springframework.ai.content.Media;

/** Converts Spring AI's media to images of the engine. Bytes, base64 and data: URIs are taken; files only below the allowed folders. */
final class MediaImages {
    private static final String DATA_SCHEME = "data:";
    private static final String BASE64_MARK = ";base64,";

    private final ImageFolders folders;

    MediaImages(ImageFolders folders) {
        this.folders = folders;
    }

    /** @throws IllegalArgumentException when it is no image, or one that may not be read; the message says why */
    ImageSource image(Media media) {
        if (!media.getMimeType().getType().equals("image")) {
            throw new IllegalArgumentException("expected media of type image, found " + media.getMimeType());
        }
        return switch (media.getData()) {
            case byte[] bytes -> new ImageSource.Bytes(bytes, media.getName());
            case String text -> image(text, media.getName());
            case URL url -> image(url.toString(), media.getName());
            case Object other -> throw new IllegalArgumentException("expected bytes or a URI, found " + other.getClass().getName());
        };
    }

    private ImageSource image(String data, String name) {
        if (ImageFolders.isFileUri(data)) return ImageSource.of(folders.resolve(data));
        if (data.regionMatches(true, 0, DATA_SCHEME, 0, DATA_SCHEME.length())) {
            int mark = data.indexOf(BASE64_MARK);
            if (mark < 0) throw new IllegalArgumentException("expected a data: URI in base64");
            return decoded(data.substring(mark + BASE64_MARK.length()), name);
        }
        if (data.indexOf(':') >= 0) {
            throw new IllegalArgumentException("images are not fetched from addresses: expected bytes, base64 or a file, found " + data);
        }
        return decoded(data, name);
    }

    private static ImageSource decoded(String base64, String name) {
        try {
            return new ImageSource.Bytes(Base64.getMimeDecoder().decode(base64), name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("expected an image in base64: " + e.getMessage(), e);
        }
    }
}
