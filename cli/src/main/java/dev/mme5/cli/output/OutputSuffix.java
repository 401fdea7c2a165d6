package dev.mme5.cli.output;

import dev.mme5.cli.context.OptionException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the suffix of an output says about its format. A suffix that no format has, such as that of a temporary file, says nothing. The suffix
 * of a format that the command does not write is refused: the file would be taken for what it is not.
 */
public final class OutputSuffix {
    /** Suffixes of files of numbers, tables and documents, and of compressed ones. */
    private static final Set<String> FORMATS = Set.of(
            "jsonl", "json", "ndjson", "npy", "npz", "csv", "tsv", "parquet", "arrow", "feather", "avro", "orc", "lance", "pt", "pth",
            "pkl",
            "pickle", "safetensors", "h5", "hdf5", "mat", "msgpack", "tfrecord", "fvecs", "bvecs", "ivecs", "faiss", "sqlite", "db", "xlsx",
            "xls",
            "ods", "xml", "yaml", "yml", "html", "htm", "pdf", "gz", "zst", "bz2", "xz", "lz4", "zip", "7z", "tar", "tgz");

    private OutputSuffix() {}

    /**
     * The format that the name of a file asks for, or null if it asks for none.
     *
     * @param file the value of {@code --output}; null for stdout
     * @param written the formats that the command writes, by suffix
     * @throws OptionException if the name asks for another format
     */
    public static <T> T format(String file, Map<String, T> written) {
        if (file == null) return null;
        String name = file.substring(file.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        String suffix = name.contains(".") ? name.substring(name.lastIndexOf('.') + 1) : "";
        T format = written.get(suffix);
        if (format == null && FORMATS.contains(suffix)) {
            String possible = written.keySet().stream().sorted().map(known -> "." + known).collect(Collectors.joining(", "));
            String page = suffix.startsWith("htm") ? "; the page of a search is written by --html" : "";
            throw new OptionException(
                    "--output %s: %s is not written by this command, possible are %s%s".formatted(file, suffix, possible, page));
        }
        return format;
    }
}
