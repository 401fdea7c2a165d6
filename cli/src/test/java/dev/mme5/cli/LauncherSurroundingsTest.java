package dev.mme5.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What surrounds the script may be unusual: no stderr, a colon in the path, a Maven that paints. */
@Timeout(120)
class LauncherSurroundingsTest extends LauncherTree {
    @Test
    void colourCodesOfTheBuildAreTakenOut() throws Exception {
        assertThat(launch("x").err()).contains("\nbold\n").doesNotContain("\033");
        assertThat(root.resolve(".launcher").toFile().list((_, name) -> name.startsWith("OUT"))).isEmpty();
    }

    @Test
    void runsWithoutAStderr() throws Exception {
        program(bin.resolve("closed"), "#!/bin/sh\nexec \"$@\" 2>&-\n");
        Launched built = finish(start(List.of(bin.resolve("closed").toString(), root.resolve("mme5").toString(), "embed"), Map.of()));
        Launched again = finish(start(List.of(bin.resolve("closed").toString(), root.resolve("mme5").toString(), "embed"), Map.of()));

        assertThat(built.status()).as(built.err()).isEqualTo(7);
        assertThat(again.status()).as(again.err()).isEqualTo(7);
        assertThat(again.out()).contains("[embed]");
    }

    @Test
    void aColonInThePathIsNamed() throws Exception {
        Path colon = folder.resolve("a:tree");
        Files.move(root, colon);
        root = colon;

        Launched launched = launch("x");

        assertThat(launched.status()).as(launched.err()).isEqualTo(2);
        assertThat(launched.err()).contains("a:tree", "colon").hasLineCount(1);
    }
}
