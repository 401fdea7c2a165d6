package dev.mme5.weights.lora;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A pattern as a machine of states (Thompson, Regular Expression Search Algorithm, 1968). It reads a name once and is in all states at the
 * same time that some way to match leads to, so that a name takes at most as many steps as it has characters times the pattern has states.
 */
final class PatternProgram {
    private static final int ACCEPTED = 0;

    private final List<State> states = new ArrayList<>();
    private final int first;

    private sealed interface State {}

    private record Accepted() implements State {}

    private record Read(IntPredicate characters, int next) implements State {}

    private record At(PatternNode.Edge edge, int next) implements State {}

    private record Split(int next, int other) implements State {}

    PatternProgram(PatternNode pattern) {
        add(new Accepted());
        first = add(pattern, ACCEPTED);
    }

    /** Whether a match begins where the name begins, or after a dot of its first line. It may end anywhere. */
    boolean matches(String name, MatchLimit limit) {
        int[] text = name.codePoints().toArray();
        States now = new States();
        States after = new States();
        now.enter(first, text, 0);
        boolean isFirstLine = true;
        for (int i = 0; i < text.length && !now.contains(ACCEPTED); i++) {
            limit.add(1 + now.size);
            after.clear();
            for (int k = 0; k < now.size; k++) {
                if (states.get(now.members[k]) instanceof Read read && read.characters.test(text[i])) after.enter(read.next, text, i + 1);
            }
            isFirstLine &= text[i] != '\n';
            if (isFirstLine && text[i] == '.') after.enter(first, text, i + 1);
            States spare = now;
            now = after;
            after = spare;
        }
        return now.contains(ACCEPTED);
    }

    /** @return the state that the part begins with, if it goes on with {@code next} */
    private int add(PatternNode part, int next) {
        return switch (part) {
            case PatternNode.One one -> add(new Read(one.characters(), next));
            case PatternNode.Edge edge -> add(new At(edge, next));
            case PatternNode.Sequence sequence -> {
                int entry = next;
                for (PatternNode each : sequence.parts().reversed()) entry = add(each, entry);
                yield entry;
            }
            case PatternNode.Choice choice -> {
                int entry = add(choice.parts().getLast(), next);
                for (int i = choice.parts().size() - 2; i >= 0; i--) entry = add(new Split(add(choice.parts().get(i), next), entry));
                yield entry;
            }
            case PatternNode.Repeat repeat -> add(repeat, next);
        };
    }

    private int add(PatternNode.Repeat repeat, int next) {
        int entry = next;
        if (repeat.max() == PatternNode.UNBOUNDED) {
            entry = add(new Accepted()); // to be replaced: the loop leads back to it
            states.set(entry, new Split(add(repeat.part(), entry), next));
        } else {
            for (int i = repeat.min(); i < repeat.max(); i++) entry = add(new Split(add(repeat.part(), entry), next));
        }
        for (int i = 0; i < repeat.min(); i++) entry = add(repeat.part(), entry);
        return entry;
    }

    private int add(State state) {
        states.add(state);
        return states.size() - 1;
    }

    /** The end of a name is also before a line feed that ends it, as in Python. */
    private static boolean isAt(PatternNode.Edge edge, int[] text, int i) {
        return switch (edge) {
            case START -> i == 0;
            case END -> i == text.length || i == text.length - 1 && text[i] == '\n';
        };
    }

    /** Those that the machine is in between two characters. */
    private final class States {
        private final int[] members = new int[states.size()];
        private final boolean[] isMember = new boolean[states.size()];
        private int size;

        void clear() {
            while (size > 0) isMember[members[--size]] = false;
        }

        boolean contains(int state) {
            return isMember[state];
        }

        /** A state, and all that it leads to without a character. */
        void enter(int state, int[] text, int i) {
            int done = size;
            put(state);
            while (done < size) {
                State entered = states.get(members[done++]);
                if (entered instanceof Split split) {
                    put(split.next);
                    put(split.other);
                } else if (entered instanceof At at && isAt(at.edge, text, i)) {
                    put(at.next);
                }
            }
        }

        private void put(int state) {
            if (isMember[state]) return;
            isMember[state] = true;
            members[size++] = state;
        }
    }
}
