package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.testing.ClassPathJvm;
import dev.mme5.engine.testing.Golden;
import dev.mme5.engine.testing.WithoutDesktop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts and image files need nothing of java.desktop: no module, and no class where the module is there. */
class WithoutDesktopTest {
    private static final String[] IMAGES = {"photo_420_97x131.jpg", "photo_progressive_110x70.jpg", "grey_40x40.png"};

    @TempDir
    Path folder;

    private static ClassPathJvm.Output run(String... options) throws Exception {
        Golden golden = Golden.fixtures().getFirst();
        List<String> arguments = new ArrayList<>(List.of(golden.folder().toString()));
        for (String image : IMAGES) arguments.add(Path.of("src/test/resources/golden/images", image).toString());
        List<String> jvm = new ArrayList<>(List.of("--add-modules", "jdk.incubator.vector"));
        jvm.addAll(List.of(options));
        return ClassPathJvm.run(WithoutDesktop.class, jvm, arguments.toArray(String[]::new));
    }

    @Test
    void embedsOnAJavaWithoutIt() throws Exception {
        List<String> lines = run("--limit-modules", "java.base,jdk.incubator.vector").out().lines().toList();

        assertThat(lines.getFirst()).isEqualTo("java.desktop: false");
        assertThat(lines).hasSize(2 + IMAGES.length);
    }

    @Test
    void loadsNoClassOfIt() throws Exception {
        Path log = folder.resolve("classes.log");

        List<String> lines = run("-Xlog:class+load:file=" + log).out().lines().toList();

        assertThat(lines.getFirst()).isEqualTo("java.desktop: true");
        assertThat(lines).hasSize(2 + IMAGES.length);
        assertThat(Files.readAllLines(log)).anyMatch(line -> line.contains("JpegDecoder"))
                .noneMatch(line -> line.contains(" java.awt.") || line.contains(" javax.imageio.") || line.contains("java.desktop"));
    }
}
