package dev.mme5.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelReferenceTest {

    @Test
    void nameAndRevisionAreRead() {
        assertThat(ModelReference.parse("intfloat/mmE5-mllama-11b-instruct"))
                .isEqualTo(new ModelReference("intfloat/mmE5-mllama-11b-instruct", "main"))
                .hasToString("intfloat/mmE5-mllama-11b-instruct");
        assertThat(ModelReference.parse("a/b.c@refs/pr/1")).isEqualTo(new ModelReference("a/b.c", "refs/pr/1"))
                .hasToString("a/b.c@refs/pr/1");
        assertThat(ModelReference.parse("a/b@v1.0").revision()).isEqualTo("v1.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a/b/c", "/a/b", "./a/b", "../a", "a/..", "a--b/c", "a/b..c", "a/b.git", "-a/b", "a/b-", "a/b@",
        "a/b@..", "a/b@a/../b", "a/b@/x", "a/b@x/", "a/b@x y", "a/b@x:y", "a/b@.x", "a/b@x.lock", "a/b@a@{1}", "a b/c", "a/b\n", "é/b"})
    void othersAreRefused(String text) {
        assertThatThrownBy(() -> ModelReference.parse(text)).isInstanceOf(HubException.class).hasMessageStartingWith("expected ");
        assertThat(ModelReference.tryParse(text)).isEmpty();
    }
}
