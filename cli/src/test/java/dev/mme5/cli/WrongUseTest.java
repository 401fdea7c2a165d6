package dev.mme5.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.cli.Cli.Ran;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WrongUseTest {
    /** Longer than any system allows, so that looking at the file fails although nobody knows whether it is there. */
    private static final String UNSEEN = "n".repeat(300);

    @ParameterizedTest
    @ValueSource(strings = {"--model", "--image", "--output", "--in"})
    void whatCannotBeLookedAtIsNotCalledMissing(String option) {
        Cli.Ran ran = switch (option) {
            case "--in" -> Cli.run("search", option, UNSEEN + "/a", "a");
            case "--image" -> Cli.run("embed", option, UNSEEN + "/a.png");
            default -> Cli.run("embed", "a", option, UNSEEN + "/a");
        };

        assertThat(ran.status()).isBetween(1, 2);
        assertThat(ran.out() + ran.err()).contains("File name too long")
                .doesNotContain("does not exist", "no such folder", "not found", "there is no folder");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        embed                                  | no input: give TEXT, --image or --input (see mme5 embed --help)
        tokenize                               | no input: give TEXT, --image or --input (see mme5 tokenize --help)
        embed --instruction x y                | --instruction is for --image, and there is none (see mme5 embed --help)
        embed --threads 0 x                    | --threads is 0, expected at least 1 (see mme5 embed --help)
        embed --resume --input x               | --resume needs --output FILE (see mme5 embed --help)
        embed --resume --input x --output -    | --resume needs --output FILE (see mme5 embed --help)
        embed --resume x --output y            | --resume is for the lines of --input alone (see mme5 embed --help)
        embed --resume x --input x --output y  | --resume is for the lines of --input alone (see mme5 embed --help)
        embed --resume --image x --input x --output y | --resume is for the lines of --input alone (see mme5 embed --help)
        embed --resume --input /dev/null --output /dev/full | /dev/full: is a pipe or a device, --resume needs a file
        embed --resume --input /dev/null --output y --precision int8 --calibration /dev/null \
            | /dev/null: is a folder, a pipe or a device, --resume needs a file
        embed --resume --input x --output y --precision int8 | --resume with --precision int8 needs --calibration (see mme5 embed --help)
        embed --prefix-cache -1 x              | --prefix-cache is -1, expected at least 0 (see mme5 embed --help)
        embed --prefix-cache 1GB x             | --prefix-cache: '1GB' is not a long (see mme5 embed --help)
        tokenize --stats x                     | unknown option --stats (see mme5 tokenize --help)
        tokenize --prefix-cache 0 x            | unknown option --prefix-cache (see mme5 tokenize --help)
        serve --stats                          | unknown option --stats (see mme5 serve --help)
        embed --threads -1 x                   | --threads is -1, expected at least 1 (see mme5 embed --help)
        embed --threads 999999 x               | --threads is 999999, expected at most 1024 (see mme5 embed --help)
        tokenize --threads 0 x                 | --threads is 0, expected at least 1 (see mme5 tokenize --help)
        inspect --threads 0                    | --threads is 0, expected at least 1 (see mme5 inspect --help)
        embed --threads many x                 | --threads: 'many' is not an int (see mme5 embed --help)
        embed --max-tokens 0 x                 | --max-tokens is 0, expected at least 1 (see mme5 embed --help)
        embed --max-pixels 0 x                 | --max-pixels is 0, expected at least 1 (see mme5 embed --help)
        embed --model                          | --model needs MODEL (see mme5 embed --help)
        embed --frobnicate x                   | unknown option --frobnicate (see mme5 embed --help)
        embed --threads 1 --threads 2 x        | --threads is given twice (see mme5 embed --help)
        frobnicate                             | unknown command frobnicate (see mme5 --help)
        serach foo                             | unknown command serach; did you mean search? (see mme5 --help)
        embde                                  | unknown command embde; did you mean embed? (see mme5 --help)
        embed --modle x y                      | unknown option --modle; did you mean --model? (see mme5 embed --help)
        tokenize x --verify                    | unknown option --verify (see mme5 tokenize --help)
        quantize --to int8 --output x --verify | unknown option --verify (see mme5 quantize --help)
        help serach                            | unknown command serach; did you mean search? (see mme5 --help)
        inspect x                              | unexpected argument x (see mme5 inspect --help)
        inspect x --frobnicate --modle y       | unexpected argument x (see mme5 inspect --help)
        embed --modle=x y                      | unknown option --modle; did you mean --model? (see mme5 embed --help)
        embed x --format xml \
            | --format: expected one of [jsonl, npy, csv] (case-sensitive) but was 'xml' (see mme5 embed --help)
        trace --input x                        | --output FILE is missing (see mme5 trace --help)
        trace --input --output x               | --input needs FILE (see mme5 trace --help)
        --frobnicate                           | unknown option --frobnicate; options come after the command (see mme5 --help)
        embed --input /none.jsonl              | /none.jsonl: not found
        serve --in /none                       | /none: not found, expected a folder
        serve --in pom.xml                     | pom.xml: is a file, expected a folder
        serve --in /etc/passwd/x/y             | /etc/passwd/x/y: /etc/passwd is a file, expected a folder
        serve --in pom.xml/x/y                 | pom.xml/x/y: pom.xml is a file, expected a folder
        search --in /none x                    | /none: not found, expected a folder or a file of JSON lines
        search --in pom.xml/x/y x              | pom.xml/x/y: pom.xml is a file, expected a folder
        embed --input /                        | /: is a folder, expected a file of JSON lines
        embed x --output /                     | /: is a folder, expected a file
        embed x --output /none/out             | /none/out: its folder does not exist
        embed x --model /none                  | /none: no such folder
        tokenize x --model /none               | /none/tokenizer.json: not found
        trace --input /none.jsonl --output x    | /none.jsonl: not found
        trace --input - --output -             | --output is -, expected a file (see mme5 trace --help)
        trace --input - --output x             | -: holds no input
        quantize --to bf16 --calibrate x --output y | --calibrate is for --to int8 and int4: bf16 rounds nothing (see mme5 quantize --help)
        quantize --to int8 --calibrate x --output cli | cli: exists already
        quantize --to int8 --calibrate x --keep none --output y | no tensor of $MODEL has a name like none
        serve --watch                          | --watch is for the folders of --in, and there is none (see mme5 serve --help)
        serve --prompt-name query              | --prompt-name is for the folders of --in, and there is none (see mme5 serve --help)
        serve --document-prompt x \
            | --document-prompt and --document-prompt-name are for the folders of --in, and there is none (see mme5 serve --help)
        serve --in cli --document-prompt a --document-prompt-name b \
            | --document-prompt and --document-prompt-name: expected one of them (see mme5 serve --help)
        serve --in cli --instructions x --prompt-name query | --instructions and --prompt-name: expected one of them (see mme5 serve --help)
        search --in cli --instruction {} --prompt-name query x \
            | --instruction and --prompt-name: expected one of them (see mme5 search --help)
        search --in cli --prompt-name query --image x | --prompt-name is for a QUERY, and there is none (see mme5 search --help)
        evaluate --data x --instruction {} --prompt-name query \
            | --instruction and --prompt-name: expected one of them (see mme5 evaluate --help)
        evaluate --data x --instruction query: | --instruction has no {} for the query (see mme5 evaluate --help)
        evaluate --data x --document-prompt a --document-prompt-name b \
            | --document-prompt and --document-prompt-name: expected one of them (see mme5 evaluate --help)
        tokenize --raw --prompt-name query x   | --raw and --prompt-name: expected one of them (see mme5 tokenize --help)
        tokenize --raw --single-bos x          | --raw and --single-bos: expected one of them (see mme5 tokenize --help)
        embed x --output=                      | --output is empty, expected FILE (see mme5 embed --help)
        embed --input=                         | --input is empty, expected FILE (see mme5 embed --help)
        embed --image=                         | --image is empty, expected FILE (see mme5 embed --help)
        embed x --model=                       | --model is empty, expected MODEL (see mme5 embed --help)
        inspect --model= --json                | --model is empty, expected MODEL (see mme5 inspect --help)
        verify --image=                        | --image is empty, expected FILE (see mme5 verify --help)
        """)
    void isOneLineAndStatusTwo(String line, String message) {
        Ran ran = Cli.run(line.split(" "));

        assertThat(ran.err()).isEqualTo("mme5: " + message.replace("$MODEL", Cli.MODEL.toString()) + "\n");
        assertThat(ran.out()).isEmpty();
        assertThat(ran.status()).as(ran.err()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"/none, no such folder", "pom.xml, not a folder"})
    void aFolderThatIsNoneIsInspectedInOneLine(String path, String problem) {
        Ran ran = Cli.run("inspect", "--model", path);

        assertThat(ran.err()).isEqualTo("mme5: " + Path.of(path).toAbsolutePath() + ": " + problem + "\n");
        assertThat(ran.status()).isEqualTo(2);
    }

    @Test
    void anUnknownFormatIsToldTheKnownOnes() {
        Ran ran = Cli.run("embed", "x", "--format", "xml");

        assertThat(ran.status()).as(ran.err()).isEqualTo(2);
        assertThat(ran.err()).contains("--format", "xml", "jsonl", "npy", "csv").hasLineCount(1);
    }

    @Test
    void noCommandAtAllShowsTheUsageOnStderr() {
        Ran ran = Cli.run();

        assertThat(ran.status()).as(ran.err()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).startsWith("Usage: mme5 ").contains("embed", "tokenize", "trace", "inspect", "package");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "embed", "tokenize", "trace", "inspect", "package"})
    void helpIsAResult(String command) {
        String[] line = (command + " --help").strip().split(" ");

        Ran ran = Cli.run(line);

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out()).startsWith("Usage: mme5 " + command);
        if (line.length > 1) {
            assertThat(Arrays.asList("--model", "--threads", "--quiet", "--help"))
                    .allSatisfy(option -> assertThat(ran.out()).contains(option));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "embed", "search", "package"})
    void shortHelpAndHelpCommandPrintTheHelp(String command) {
        String help = Cli.run((command + " --help").strip().split(" ")).out();

        assertThat(Cli.run((command + " -h").strip().split(" ")).out()).isEqualTo(help).startsWith("Usage: mme5 " + command);
        Ran ran = Cli.run(("help " + command).strip().split(" "));
        assertThat(ran.out()).isEqualTo(help);
        assertThat(ran.err()).isEmpty();
        assertThat(ran.status()).as(ran.err()).isZero();
    }

    @Test
    void shortVersionIsTheVersion() {
        assertThat(Cli.run("-V").out()).isEqualTo(Cli.run("--version").out()).startsWith("mme5 ");
    }

    @Test
    void theVersionIsAResult() {
        Ran ran = Cli.run("--version");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out()).startsWith("mme5 ").contains("Java 25");
    }
}
