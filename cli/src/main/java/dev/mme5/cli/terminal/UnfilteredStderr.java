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
 * The stderr of the launcher. Because the JVM's warning about incubator modules cannot be switched off, the launcher starts the JVM
 * with stderr behind a filter and passes the unfiltered stderr under another descriptor. The first write puts it in place. That takes
 * 40 ms, and most runs write nothing.
 */
public final class UnfilteredStderr extends OutputStream {
    private static final int STDERR = 2;

    private final OutputStream out = new FileOutputStream(FileDescriptor.err);
    private String pending;

    /** @param descriptor number of the unfiltered stderr; empty if stderr is not filtered */
    public UnfilteredStderr(String descriptor) {
        pending = descriptor;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (!pending.isEmpty()) {
            restore(Integer.parseInt(pending));
            pending = "";
        }
        out.write(bytes, offset, length);
    }

    /** Makes the descriptor the stderr of the process. */
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
            // The filter stays in place. It drops nothing but the warning.
        }
    }
}
