package dev.mme5.langchain4j;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.mme5.engine.ImageSource;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/**
 * The bytes of LangChain4j's images. No URL is fetched.
 *
 * @param folders below which {@code file:} URLs may point, as real paths
 */
record ImageReader(List<Path> folders) {
    private static final String BASE64 = ";base64,";

    ImageReader {
        folders = List.copyOf(folders);
    }

    ImageSource read(Image image) {
        if (image.base64Data() != null) return decode(image.base64Data());
        URI url = image.url();
        if (url == null) throw new InvalidRequestException("an image has neither base64 data nor a URL");
        return switch (url.getScheme()) {
            case "data" -> ofData(url.toString());
            case "file" -> ofFile(url);
            case null, default -> throw new UnsupportedFeatureException(
                    "images are not fetched from " + url.getScheme()
                            + ": URLs; give base64 data or, if the builder allows it, a file: URL");
        };
    }

    private static ImageSource ofData(String url) {
        int comma = url.indexOf(',');
        if (comma < 0 || !url.startsWith(BASE64, comma + 1 - BASE64.length())) {
            throw new InvalidRequestException("a data: URL of an image needs base64");
        }
        return decode(url.substring(comma + 1));
    }

    private static ImageSource decode(String base64) {
        try {
            // The MIME decoder skips line breaks, which some encoders write; the model's decoder refuses what is no image.
            return ImageSource.of(Base64.getMimeDecoder().decode(base64.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException("the base64 data of an image is damaged: " + e.getMessage(), e);
        }
    }

    private ImageSource ofFile(URI url) {
        if (folders.isEmpty()) {
            throw new UnsupportedFeatureException("file: URLs are not allowed; allow a folder by allowFilesBelow of the builder");
        }
        Path file;
        try {
            file = Path.of(url).toRealPath();
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidRequestException(url + ": no such file", e);
        }
        if (folders.stream().noneMatch(file::startsWith)) {
            throw new InvalidRequestException(url + ": not below a folder that the builder allows");
        }
        return ImageSource.of(file);
    }
}
