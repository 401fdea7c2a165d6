package dev.mme5.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.module.ModuleDescriptor;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The libraries need nothing but the JDK. That nothing else gets into their jars' descriptors either, the build sees to. */
class SupplyChainTest {
    @ParameterizedTest
    @ValueSource(strings = {"dev.mme5.json", "dev.mme5.weights", "dev.mme5.tokenizer", "dev.mme5.engine"})
    void aLibraryRequiresNothingButTheJdkAndItsSiblings(String name) {
        ModuleDescriptor library = ModuleLayer.boot().findModule(name).orElseThrow().getDescriptor();

        List<String> others = library.requires().stream().map(ModuleDescriptor.Requires::name)
                .filter(required -> !required.matches("(java|jdk|dev\\.mme5)\\..*"))
                .toList();

        assertThat(others).isEmpty();
    }
}
