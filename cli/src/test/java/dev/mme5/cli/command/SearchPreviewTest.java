package dev.mme5.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.cli.Cli.Ran;
import dev.mme5.cli.Cli;
import dev.mme5.engine.image.ImageDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees of matches: {@code --html} and {@code --show}. */
class SearchPreviewTest {

    @TempDir
    Path folder;

    @BeforeEach
    void documents() throws IOException {
        Files.createDirectories(folder.resolve("docs"));
        Files.writeString(folder.resolve("docs/cat.txt"), "a <b>cat</b> & a mat");
        Files.copy(Cli.IMAGE, folder.resolve("docs/grey.png"));
    }

    @Test
    void pageHasThumbnailsScoresAndLinksAndNothingForeign() throws IOException {
        Files.createDirectory(folder.resolve("docs/x'\"&y"));
        Files.copy(Cli.OTHER_IMAGE, folder.resolve("docs/x'\"&y/b.png"));

        Ran ran = search("<i>cat</i>", "--image", Cli.IMAGE.toString(), "--html", "found.html");

        String page = Files.readString(folder.resolve("found.html"));
        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.lines()).contains("<i>cat</i>");
        assertThat(page).startsWith("<!DOCTYPE html>").endsWith("</html>\n")
                .contains("default-src 'none'", "color-scheme: light dark", "<span class=\"score\">1.0000</span>")
                .contains("<h2>&lt;i&gt;cat&lt;/i&gt;</h2>", "a &lt;b&gt;cat&lt;/b&gt; &amp; a mat", "x&#39;&quot;&amp;y/b.png")
                .contains("<a href=\"" + folder.resolve("docs/grey.png").toUri() + "\">grey.png</a>")
                .doesNotContain("<script", "<i>", "<b>", "http:");
        List<byte[]> images = new ArrayList<>();
        for (Matcher image = Pattern.compile("src=\"data:image/png;base64,([^\"]*)\"").matcher(page); image.find();) {
            images.add(Base64.getDecoder().decode(image.group(1)));
        }
        assertThat(images).as("two matches of two queries, and the image that was searched for").hasSize(5);
        ImageDecoder decoder = new ImageDecoder(100_000, false);
        assertThat(decoder.decode(images.getLast(), "x").rgb()).hasSize(3 * 50 * 31);
        assertThat(images).anySatisfy(png -> assertThat(decoder.decode(png, "x").rgb()).isEqualTo(decoder.decode(Cli.IMAGE).rgb()));
    }

    @Test
    void failedQueryIsOnThePageToo() throws IOException {
        Ran ran = search("--image", "none.png", "--html", "found.html");

        assertThat(ran.status()).as(ran.err()).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("found.html"))).contains("<h2>none.png</h2>", "does not exist");
    }

    @Test
    void imagesAreShownBelowTheirLinesOnATerminalThatCan() {
        Ran ran = onTerminal("iterm2", "a cat", "--show");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out()).containsPattern("grey.png\n\033]1337;File=inline=1;size=\\d+;width=40px;height=40px:[^\007]*\007\n");
        assertThat(ran.out().split("1337", -1)).as("texts have no image").hasSize(2);
    }

    @Test
    void showIsRefusedInOneLineWhereNothingCanBeShown() {
        assertRefused(onTerminal("", "a cat", "--show"), "--show: this terminal cannot show images; --html writes a page");
        assertRefused(search("a cat", "--show"), "--show is for a table on a terminal; --html writes a page");
        assertRefused(onTerminal("kitty", "a cat", "--show", "--format", "jsonl"), "--show is for a table on a terminal");
        assertRefused(onTerminal("kitty", "a cat", "--show", "--output", "x"), "--show is for a table on a terminal");
        assertRefused(search("a cat", "--html", "-"), "--html is -, expected a file");
        assertRefused(search("a cat", "--html", "docs"), "docs: is a folder, expected a file");
    }

    private static void assertRefused(Ran ran, String message) {
        assertThat(ran.status()).as(ran.err()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains(message).hasLineCount(1);
    }

    private Ran search(String... arguments) {
        return start(new Cli(), arguments);
    }

    private Ran onTerminal(String images, String... arguments) {
        return start(new Cli().onTerminal(80, images), arguments);
    }

    private Ran start(Cli cli, String... arguments) {
        List<String> all = new ArrayList<>(List.of("search", "--in", "docs"));
        all.addAll(Arrays.asList(arguments));
        return cli.folder(folder).start(all.toArray(String[]::new));
    }
}
