package dev.mme5.cli;

import dev.mme5.cli.Cli.Ran;
import dev.mme5.cli.command.EmbedCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder in which runs are resumed: {@code in.jsonl} to {@code out}, with the journal {@code out.resume}. */
record ResumeFolder(Path folder) {
    /** Three chunks, of 8, at most 16 and the rest; some inputs fail, a line is blank, one id has a line feed. */
    static ResumeFolder create(Path folder) throws IOException {
        ResumeFolder files = new ResumeFolder(folder);
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= 30; i++) {
            lines.append(switch (i % 10) {
                case 3 -> "oops";
                case 5 -> "{\"id\":\"two\\nlines, %d\",\"text\":\"a cat\"}".formatted(i);
                case 7 -> "";
                case 8 -> "{\"images\":[\"none.png\"]}";
                default -> "{\"text\":\"number %d\"}".formatted(i);
            }).append('\n');
        }
        Files.writeString(files.input(), lines);
        return files;
    }

    Path input() {
        return folder.resolve("in.jsonl");
    }

    Path output() {
        return folder.resolve("out");
    }

    Path journal() {
        return folder.resolve("out.resume");
    }

    Ran resume(EmbedCommand.Format format) {
        return start("embed", "--resume", "--input", "in.jsonl", "--output", "out", "--format", format.name());
    }

    /** What a run writes that cannot be resumed. */
    byte[] ordinary(EmbedCommand.Format format) throws IOException {
        start("embed", "--input", "in.jsonl", "--output", "ordinary", "--format", format.name());
        return Files.readAllBytes(folder.resolve("ordinary"));
    }

    Ran start(String... arguments) {
        return new Cli().folder(folder).start(arguments);
    }

    /** Byte after a line of the journal, counted from 1. */
    static int end(byte[] journal, int line) {
        int at = 0;
        for (int lines = 0; lines < line; at++) {
            if (journal[at] == '\n') lines++;
        }
        return at;
    }

    /** How long the output was when a line of the journal was written. */
    static long outputBytes(byte[] journal, int line) {
        return number(journal, line, "output_bytes");
    }

    /** What a line of the journal, counted from 1, has under a name. */
    static long number(byte[] journal, int line, String name) {
        String text = new String(journal, StandardCharsets.UTF_8).lines().skip(line - 1).findFirst().orElseThrow();
        return Long.parseLong(text.replaceFirst(".*\"" + name + "\":", "").replaceFirst(",.*", ""));
    }
}
