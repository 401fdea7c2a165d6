package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.testing.ClassPathJvm;
import dev.mme5.engine.testing.LongRun;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Mixed inputs for as long as {@code -Dmme5.minutes=60} says; some seconds in an ordinary build. */
@Tag("thorough")
class LongRunTest {
    private static final String MINUTES = System.getProperty("mme5.minutes", "0.05");

    /** Columns of a sample: heap after a collection and resident memory, in MB; threads, open files, mappings. */
    private static final int HEAP = 2;
    private static final int RESIDENT = 3;
    private static final int THREADS = 4;
    private static final int FILES = 5;
    private static final int MAPPINGS = 6;

    @Test
    @Timeout(value = 1, unit = TimeUnit.DAYS)
    @EnabledOnOs(OS.LINUX)
    void resultsStayTheSameAndMemoryDoesNotGrow() throws Exception {
        List<String> options = List.of("--add-modules", "jdk.incubator.vector", "-Xmx256m", "-XX:-UseDynamicNumberOfCompilerThreads");

        String out = ClassPathJvm.run(LongRun.class, options, MINUTES).out();

        System.out.print(out);
        assertThat(out).endsWith("same bits from first to last\n");
        List<double[]> samples = out.lines().filter(line -> line.matches("[\\d. ]+"))
                .map(line -> Arrays.stream(line.strip().split(" +")).mapToDouble(Double::parseDouble).toArray()).toList();
        int half = samples.size() / 2;
        assertThat(samples.getLast()[MAPPINGS]).isZero();
        assertThat(samples.getLast()[FILES]).isEqualTo(samples.getFirst()[FILES]);
        if (Double.parseDouble(MINUTES) < 5) return; // too short for a trend
        assertThat(largest(samples.subList(half, samples.size()), THREADS)).isLessThanOrEqualTo(largest(samples.subList(0, half), THREADS));
        assertThat(largest(samples.subList(half, samples.size()), HEAP)).isLessThan(largest(samples.subList(0, half), HEAP) + 2);
        assertThat(largest(samples.subList(half, samples.size()), RESIDENT)).isLessThan(largest(samples.subList(0, half), RESIDENT) * 1.05);
    }

    private static double largest(List<double[]> samples, int column) {
        return samples.stream().mapToDouble(sample -> sample[column]).max().orElseThrow();
    }
}
