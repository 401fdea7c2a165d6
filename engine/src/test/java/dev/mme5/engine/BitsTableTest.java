package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.testing.BitsTable.Part;
import dev.mme5.engine.testing.BitsTable;
import dev.mme5.engine.testing.ClassPathJvm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every machine, vector width, compiler, number of threads and batch gives the bits of the committed table. */
class BitsTableTest {
    /** After a change of the arithmetic that is meant: {@code -Dmme5.bits=write}. */
    @Test
    void thisVirtualMachineGivesThem() throws Exception {
        Map<String, String> computed = BitsTable.computed(Part.ALL, 2, 50);
        if (System.getProperty("mme5.bits", "").equals("write")) BitsTable.write(computed);

        assertThat(computed).isEqualTo(BitsTable.committed());
    }

    /** Each width, number of threads and size of batches once; without the second compiler and without any on less. */
    @Tag("thorough")
    @ParameterizedTest
    @CsvSource({
        "-XX:MaxVectorSize=16, ALL, 1, 50, 293",
        "-XX:MaxVectorSize=32, ALL, 2, 3, 293",
        "-XX:MaxVectorSize=64, ALL, 3, 1, 293",
        "-XX:TieredStopAtLevel=1, SMALL, 2, 3, 12",
        "-Xint, TINY, 1, 1, 5"
    })
    void soDoOthers(String option, Part part, String threads, String batches, int cases) throws Exception {
        assertSame(List.of(option), part, threads, batches, cases);
    }

    /** All combinations: {@code -Dmme5.bits=all}, some minutes. */
    @ParameterizedTest
    @CsvSource({"16, 128 bit", "32, 256 bit", "64, 512 bit"})
    @EnabledIfSystemProperty(named = "mme5.bits", matches = "all")
    void soDoAllCombinations(int bytes, String width) throws Exception {
        String vectors = "-XX:MaxVectorSize=" + bytes;
        String kernels = assertSame(List.of(vectors), Part.ALL, "1,2,3", "1,3,50", 293);
        if (bytes <= 32) assertThat(kernels).contains(width); // wider ones are not everywhere
        assertSame(List.of(vectors, "-XX:TieredStopAtLevel=1"), Part.SMALL, "1,2,3", "1,3,50", 12);
        assertSame(List.of(vectors, "-Xint"), Part.TINY, "1,2,3", "1,3,50", 5);
    }

    /** Returns what kernels computed. */
    private static String assertSame(List<String> jvm, Part part, String threads, String batches, int cases) throws Exception {
        List<String> options = new ArrayList<>(List.of("--add-modules", "jdk.incubator.vector"));
        options.addAll(jvm);

        List<String> lines = ClassPathJvm.run(BitsTable.class, options, part.name(), threads, batches).out().lines().toList();

        List<String> expected = new ArrayList<>();
        for (String t : threads.split(",")) {
            for (String b : batches.split(",")) expected.add(t + " threads, batches of " + b + ": " + cases + " as in the table");
        }
        assertThat(lines.subList(1, lines.size())).as(jvm.toString()).isEqualTo(expected);
        return lines.getFirst();
    }
}
