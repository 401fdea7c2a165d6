package dev.mme5.spark;

import java.util.Locale;

/**
 * The arguments of {@link EmbedJob}.
 *
 * @param format of the input
 * @param partitions into which the input is split anew, 0 to keep it as it is read
 */
record EmbedJobArguments(Format format, String input, String output, boolean overwrites, int partitions, Mme5Embedder embedder) {
    static final String USAGE = """
            EmbedJob --model FOLDER|ORG/NAME --input PATH --output PATH [--format parquet|jsonl|images] [--text-col NAME] [--image-col NAME]
                     [--instruction TEXT] [--output-col NAME] [--precision float32|binary|ubinary] [--dimensions N] [--batch-tokens N]
                     [--max-tokens N] [--threads N] [--on-error null|fail] [--error-col NAME] [--partitions N] [--overwrite]""";

    enum Format {
        PARQUET, JSONL, IMAGES;

        /** By the name's end: what is neither Parquet nor JSON lines is a folder of images. */
        static Format of(String input) {
            String name = input.toLowerCase(Locale.ROOT).replaceFirst("/+$", "");
            if (name.endsWith(".parquet")) return PARQUET;
            return name.endsWith(".jsonl") || name.endsWith(".json") || name.endsWith(".jsonl.gz") ? JSONL : IMAGES;
        }
    }

    /** @throws IllegalArgumentException when one is unknown, wrong or missing */
    static EmbedJobArguments parse(String[] args) {
        Mme5Embedder embedder = new Mme5Embedder();
        Format format = null;
        String input = null;
        String output = null;
        int partitions = 0;
        boolean overwrites = false;
        for (int i = 0; i < args.length; i++) {
            String name = args[i];
            if (name.equals("--overwrite")) {
                overwrites = true;
                continue;
            }
            if (++i == args.length) throw new IllegalArgumentException(name + " needs a value, or is unknown");
            String value = args[i];
            switch (name) {
                case "--model" -> embedder.setModel(value);
                case "--input" -> input = value;
                case "--output" -> output = value;
                case "--format" -> format = format(value);
                case "--text-col" -> embedder.setTextCol(value);
                case "--image-col" -> embedder.setImageCol(value);
                case "--instruction" -> embedder.setInstruction(value.replace("\\n", "\n"));
                case "--output-col" -> embedder.setOutputCol(value);
                case "--precision" -> embedder.setPrecision(value);
                case "--dimensions" -> embedder.setDimensions(number(name, value));
                case "--batch-tokens" -> embedder.setBatchTokens(number(name, value));
                case "--max-tokens" -> embedder.setMaxTokens(number(name, value));
                case "--threads" -> embedder.setThreads(number(name, value));
                case "--on-error" -> embedder.setOnError(value);
                case "--error-col" -> embedder.setErrorCol(value);
                case "--partitions" -> partitions = number(name, value);
                default -> throw new IllegalArgumentException("unknown option " + name);
            }
        }
        if (!embedder.isSet(embedder.model())) throw new IllegalArgumentException("--model is missing");
        if (input == null) throw new IllegalArgumentException("--input is missing");
        if (output == null) throw new IllegalArgumentException("--output is missing");
        if (format == null) format = Format.of(input);
        boolean hasColumns = embedder.isSet(embedder.textCol()) || embedder.isSet(embedder.imageCol());
        if (format == Format.IMAGES && !hasColumns) embedder.setImageCol("content");
        if (format != Format.IMAGES && !hasColumns) throw new IllegalArgumentException("--text-col or --image-col is missing");
        return new EmbedJobArguments(format, input, output, overwrites, partitions, embedder);
    }

    String outputCol() {
        return embedder.settings().outputCol();
    }

    private static Format format(String value) {
        return switch (value) {
            case "parquet" -> Format.PARQUET;
            case "jsonl" -> Format.JSONL;
            case "images" -> Format.IMAGES;
            default -> throw new IllegalArgumentException("--format " + value + ": expected parquet, jsonl or images");
        };
    }

    private static int number(String name, String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " " + value + ": expected a number", e);
        }
    }
}
