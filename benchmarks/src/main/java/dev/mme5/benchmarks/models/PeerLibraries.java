package dev.mme5.benchmarks.models;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The libraries in a folder of jars, called by reflection: with 220 MB they are no dependency of the build. They see the JDK and each
 * other, not mme5.
 */
final class PeerLibraries implements AutoCloseable {
    private final URLClassLoader loader;
    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    /**
     * Until it is closed, the libraries are those of the calling thread's context: LangChain4j looks for its model there.
     *
     * @param folder filled by .ci/model-peers
     */
    PeerLibraries(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            List<Path> jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
            URL[] urls = new URL[jars.size()];
            for (int i = 0; i < urls.length; i++) urls[i] = jars.get(i).toUri().toURL();
            loader = new URLClassLoader("peers", urls, ClassLoader.getPlatformClassLoader());
        }
        Thread.currentThread().setContextClassLoader(loader);
    }

    /** A step of a call that can fail in the ways of reflection. */
    @FunctionalInterface
    interface Call<T> {
        T run() throws ReflectiveOperationException;
    }

    static <T> T call(Call<T> call) {
        try {
            return call.run();
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    Class<?> type(String name) throws ClassNotFoundException {
        return Class.forName(name, true, loader);
    }

    /** A resource of the jars. */
    byte[] resource(String name) throws IOException {
        try (var in = loader.getResourceAsStream(name)) {
            if (in == null) throw new IOException("the peers have no " + name);
            return in.readAllBytes();
        }
    }

    @Override
    public void close() {
        Thread.currentThread().setContextClassLoader(before);
        try {
            loader.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
