package dev.mme5.engine.kernel.panels;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokenGroupsTest {
    @Test
    void eachTokenIsInTheGroupThatBeginsBeforeIt() {
        for (int tokens = 1; tokens < 70; tokens++) {
            for (int count = 1; count <= tokens; count++) {
                TokenGroups groups = new TokenGroups(tokens, count);
                for (int group = 0; group < count; group++) {
                    for (int token = groups.first(group); token < groups.first(group + 1); token++) {
                        assertThat(groups.group(token)).isEqualTo(group);
                    }
                }
            }
        }
    }
}
