package dev.mme5.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ServerOptionsTest {
    @Test
    void eachMethodChangesItsMemberAndNoOther() throws Exception {
        ServerOptions changed = ServerOptions.defaults();
        for (RecordComponent component : ServerOptions.class.getRecordComponents()) {
            ServerOptions before = changed;
            Object value = otherThan(component.getAccessor().invoke(before), component);

            changed = (ServerOptions) method(component).invoke(before, value);

            for (RecordComponent each : ServerOptions.class.getRecordComponents()) {
                Object expected = each.getName().equals(component.getName()) ? value : each.getAccessor().invoke(before);
                assertThat(each.getAccessor().invoke(changed)).as("%s after %s", each.getName(), component.getName()).isEqualTo(expected);
            }
        }
    }

    @Test
    void wrongValuesAreRefusedWhenTheyAreSet() {
        ServerOptions options = ServerOptions.defaults();

        assertThatThrownBy(() -> options.withPort(65_536)).isInstanceOf(IllegalArgumentException.class).hasMessage("port is 65536");
        assertThatThrownBy(() -> options.withMaxQueue(0)).isInstanceOf(IllegalArgumentException.class).hasMessage("maxQueue is 0");
    }

    private static Method method(RecordComponent component) throws NoSuchMethodException {
        String name = component.getName();
        String with = name.startsWith("with") ? name : "with" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
        return ServerOptions.class.getMethod(with, component.getType());
    }

    private static Object otherThan(Object value, RecordComponent component) {
        return switch (value) {
            case Boolean is -> !is;
            case Integer number -> number + 1;
            case Long number -> number + 1;
            case Duration time -> time.plusSeconds(1);
            case LibraryPrompts prompts -> new LibraryPrompts("query: ", "passage: ");
            case List<?> none when component.getGenericType().toString().contains("Path") -> List.of(Path.of("a"));
            case List<?> none -> List.of("a");
            case null, default -> component.getType() == Path.class ? Path.of("a") : "a";
        };
    }
}
