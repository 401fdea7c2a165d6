package dev.mme5.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Every module but the command and the index on Lucene requires nothing but the JDK and its siblings. The build checks the jars'
 * descriptors too.
 */
@EnabledIfSystemProperty(named = "jdk.module.path", matches = ".+")
class SupplyChainTest {
    private static final List<String> WITH_DEPENDENCIES = List.of("dev.mme5.cli", "dev.mme5.lucene");

    @Test
    void librariesRequireNothingButTheJdkAndTheirSiblings() {
        Path[] path = Arrays.stream(System.getProperty("jdk.module.path").split(File.pathSeparator)).map(Path::of).toArray(Path[]::new);
        Map<String, List<String>> others = new TreeMap<>();
        for (ModuleReference reference : ModuleFinder.of(path).findAll()) {
            ModuleDescriptor module = reference.descriptor();
            if (!module.name().startsWith("dev.mme5.") || WITH_DEPENDENCIES.contains(module.name())) continue;
            others.put(module.name(), module.requires().stream()
                    .map(ModuleDescriptor.Requires::name)
                    .filter(required -> !required.matches("(java|jdk|dev\\.mme5)\\..*"))
                    .toList());
        }

        assertThat(others).containsKeys("dev.mme5.json", "dev.mme5.weights", "dev.mme5.tokenizer", "dev.mme5.engine", "dev.mme5.search",
                "dev.mme5.hub", "dev.mme5.server");
        assertThat(others.values()).allMatch(List::isEmpty);
    }
}
