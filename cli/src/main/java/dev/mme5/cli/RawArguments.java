package dev.mme5.cli;

import dev.mme5.cli.context.UsageException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Arguments that are not UTF-8. Java replaces their bytes, so a text would be embedded as another one, and a file could not be found.
 * Linux keeps the bytes: the value of an option that takes a path is opened by them and becomes the name of the open descriptor; any
 * other argument is refused.
 */
final class RawArguments {
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
    private static final String DESCRIPTORS = "/proc/self/fd/";
    private static final Set<String> PATH_OPTIONS = Set.of("--image", "--input", "--in", "--index", "--model", "--data", "--output",
            "--html", "--calibration", "--calibrate");
    private static final char REPLACEMENT = '\uFFFD';

    private RawArguments() {}

    /**
     * The arguments as they can be used.
     *
     * @throws UsageException if one is not UTF-8 and names no file that can be opened
     */
    static String[] resolve(String[] args) {
        if (Arrays.stream(args).noneMatch(RawArguments::isDoubtful) || !Files.isReadable(COMMAND_LINE)) return args;
        try {
            return resolve(args, Files.readAllBytes(COMMAND_LINE));
        } catch (IOException e) {
            return args;
        }
    }

    /** @param commandLine the arguments of the process, each ended by a zero byte; the last ones are these */
    static String[] resolve(String[] args, byte[] commandLine) {
        List<byte[]> raw = new ArrayList<>();
        for (int from = 0, end = 0; end < commandLine.length; end++) {
            if (commandLine[end] != 0) continue;
            raw.add(Arrays.copyOfRange(commandLine, from, end));
            from = end + 1;
        }
        String[] resolved = args.clone();
        int offset = raw.size() - args.length;
        boolean onlyTexts = false;
        for (int i = 0; i < args.length && offset >= 0; i++) {
            if (isDoubtful(args[i]) && !isUtf8(raw.get(offset + i))) {
                if (onlyTexts || !isPath(args, i)) {
                    throw new UsageException(
                            "argument " + (i + 1) + ", " + args[i] + ", is not UTF-8; a file is named by --image or --input");
                }
                resolved[i] = resolve(i + 1, args[i], raw.get(offset + i));
            }
            onlyTexts |= args[i].equals("--");
        }
        return resolved;
    }

    /** Whether an argument is the value of an option that takes a path. */
    private static boolean isPath(String[] args, int i) {
        int equals = args[i].startsWith("--") ? args[i].indexOf('=') : -1;
        if (equals >= 0) return PATH_OPTIONS.contains(args[i].substring(0, equals));
        return i > 0 && PATH_OPTIONS.contains(args[i - 1]);
    }

    private static String resolve(int number, String argument, byte[] raw) {
        int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;   // --image=FILE; names of options are ASCII
        String option = argument.substring(0, equals + 1);
        int descriptor = open(Arrays.copyOfRange(raw, option.length(), raw.length));
        if (descriptor >= 0) return option + DESCRIPTORS + descriptor;
        throw new UsageException("argument " + number + ", " + argument
                + ", is not UTF-8 and names no file that can be opened; a new file needs a name in UTF-8");
    }

    /** Whether Java may have replaced bytes in it. */
    private static boolean isDoubtful(String argument) {
        return argument.indexOf(REPLACEMENT) >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(argument);
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Opens a file for reading; negative if it cannot be opened. The descriptor stays open as long as the process. */
    @SuppressWarnings("restricted") // the launcher grants native access
    private static int open(byte[] name) {
        try (Arena arena = Arena.ofConfined()) {
            // int open(const char *name, int flags, ...), of every C library; the flags 0 are O_RDONLY
            Linker linker = Linker.nativeLinker();
            MethodHandle open = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("open"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                    Linker.Option.firstVariadicArg(2));
            MemorySegment ended = arena.allocate(name.length + 1L);
            MemorySegment.copy(name, 0, ended, ValueLayout.JAVA_BYTE, 0, name.length);
            return (int) open.invokeExact(ended, 0);
        } catch (Throwable e) {
            return -1;
        }
    }
}
