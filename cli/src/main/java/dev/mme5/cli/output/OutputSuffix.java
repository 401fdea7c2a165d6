package dev.mme5.cli.output;

import dev.mme5.cli.context.OptionException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the suffix of a file that is written says about its format. A suffix that no format has, such as that of a temporary file, says
 * nothing. The suffix of a format that the command does not write is refused: the file would be taken for what it is not.
 */
public final class OutputSuffix {
    /** Suffixes of images and other media. */
    private static final Set<String> MEDIA = Set.of(
            "png", "apng", "jpg", "jpeg", "jpe", "jfif", "mpo", "gif", "bmp", "dib", "webp", "tif", "tiff", "ico", "cur", "pnm", "pbm",
            "pgm", "ppm", "pam", "pfm", "tga", "pcx", "qoi", "avif", "avifs", "heic", "heif", "jp2", "j2k", "jpx", "jxl", "jxr", "psd",
            "xcf", "svg", "eps", "ps", "dds", "hdr", "exr", "dng", "cr2", "cr3", "nef", "arw", "raf", "orf", "rw2", "mp3", "mp4", "mov",
            "mkv", "webm", "avi", "wav", "flac", "ogg");

    /** Suffixes of files of numbers, tables, documents and programs, and of compressed ones. */
    private static final Set<String> OTHERS = Set.of(
            "jsonl", "json", "ndjson", "npy", "npz", "csv", "tsv", "parquet", "arrow", "feather", "avro", "orc", "lance", "pt", "pth",
            "pkl", "pickle", "safetensors", "h5", "hdf5", "mat", "msgpack", "tfrecord", "fvecs", "bvecs", "ivecs", "faiss", "sqlite", "db",
            "xlsx", "xls", "ods", "xml", "yaml", "yml", "html", "htm", "pdf", "gz", "zst", "bz2", "xz", "lz4", "zip", "7z", "tar", "tgz",
            "doc", "docx", "odt", "rtf", "epub", "jar", "class", "java", "py", "so", "exe");

    private OutputSuffix() {}

    /**
     * The format that the name of a file asks for, or null if it asks for none.
     *
     * @param option that names the file
     * @param file its value; null for stdout
     * @param written the formats that the command writes, by suffix
     * @throws OptionException if the name asks for another format
     */
    public static <T> T format(String option, String file, Map<String, T> written) {
        if (file == null) return null;
        String suffix = suffix(file);
        T format = written.get(suffix);
        if (format == null && (MEDIA.contains(suffix) || OTHERS.contains(suffix))) {
            String possible = written.keySet().stream().sorted().map(known -> "." + known).collect(Collectors.joining(", "));
            String page = suffix.startsWith("htm") && option.equals("--output") ? "; the page of a search is written by --html" : "";
            throw new OptionException(
                    "%s %s: %s is not written by this %s, possible are %s%s".formatted(option, file, suffix,
                            option.equals("--output") ? "command" : "option", possible, page));
        }
        return format;
    }

    /** Whether the name of a file is that of an image or other media. */
    public static boolean isMedia(String file) {
        return MEDIA.contains(suffix(file));
    }

    private static String suffix(String file) {
        String name = file.substring(file.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        return name.contains(".") ? name.substring(name.lastIndexOf('.') + 1) : "";
    }
}
