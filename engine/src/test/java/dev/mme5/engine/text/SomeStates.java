package dev.mme5.engine.text;

import dev.mme5.engine.family.mllama.text.VisionStates;
import java.util.List;

/** States of pictures of no model, for tests of what keeps them. */
public final class SomeStates {
    private SomeStates() {}

    /** Of so many rows and no layer: four bytes a row. */
    public static VisionStates ofRows(int rows) {
        return new VisionStates(new int[] {0, rows}, new int[rows], List.of());
    }
}
