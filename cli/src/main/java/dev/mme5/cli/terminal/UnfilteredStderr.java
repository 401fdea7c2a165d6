package dev.mme5.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The true stderr. The launcher starts the virtual machine with stderr behind a filter, because the warning about incubator modules
 * can be switched off in no other way, and leaves the true one open under another number. It is put in place when something is to be
 * written: that takes 40 ms in a new virtual machine, and most runs have nothing to say.
 */
public final class UnfilteredStderr extends OutputStream {
    private static final int STDERR = 2;

    private final OutputStream out = new FileOutputStream(FileDescriptor.err);
    private String waiting;

    /** @param descriptor of the true stderr; an empty string means that it is in place already */
    public UnfilteredStderr(String descriptor) {
        waiting = descriptor;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        if (!waiting.isEmpty()) {
            restore(Integer.parseInt(waiting));
            waiting = "";
        }
        out.write(bytes, from, length);
    }

    /** Makes descriptor the process's stderr. */
    @SuppressWarnings("restricted") // the launcher grants native access
    private static void restore(int descriptor) {
        try {
            // int dup2(int from, int to) and int close(int descriptor), of every C library
            Linker linker = Linker.nativeLinker();
            MethodHandle dup2 = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("dup2"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            MethodHandle close = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("close"), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            int restored = (int) dup2.invokeExact(descriptor, STDERR);
            if (restored == STDERR) restored = (int) close.invokeExact(descriptor);
        } catch (Throwable e) {
            // The filter stays in place then: it lets everything through but the one warning.
        }
    }
}
