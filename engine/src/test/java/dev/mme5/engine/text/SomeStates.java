package dev.mme5.engine.text;

import java.util.List;

/** States of pictures of no model, for tests of what keeps them. */
public final class SomeStates {
    private SomeStates() {}

    /** Of so many rows and no layer: four bytes a row. */
    public static ImageStates ofRows(int rows) {
        return new ImageStates(new int[] {0, rows}, new int[rows], List.of());
    }
}
