package dev.mme5.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Puts the true stderr back. The launcher starts the virtual machine with stderr behind a filter, because the warning about
 * incubator modules can be switched off in no other way, and leaves the true one open under another number.
 */
final class Stderr {
    private static final int STDERR = 2;

    private Stderr() {}

    /** Makes descriptor the process's stderr; an empty string means that it is in place already. */
    @SuppressWarnings("restricted") // the launcher grants native access
    static void restore(String descriptor) {
        if (descriptor.isEmpty()) return;
        int waiting = Integer.parseInt(descriptor);
        try {
            // int dup2(int from, int to) and int close(int descriptor), of every C library
            Linker linker = Linker.nativeLinker();
            MethodHandle dup2 = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("dup2"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            MethodHandle close = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("close"), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            int restored = (int) dup2.invokeExact(waiting, STDERR);
            if (restored == STDERR) restored = (int) close.invokeExact(waiting);
        } catch (Throwable e) {
            // The filter stays in place then: it lets everything through but the one warning.
        }
    }
}
