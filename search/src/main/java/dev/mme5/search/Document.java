package dev.mme5.search;

import dev.mme5.engine.ImageSource;
import dev.mme5.engine.Input;
import dev.mme5.engine.InputException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Something to be found: one vector in the index. Nothing is read before the index is brought up to date. */
public sealed interface Document {
    /** What a match is called; it need not be unique. */
    String id();

    /** What the document is made of. */
    Kind kind();

    /** The files whose content the vector depends on. */
    List<Source> files();

    /**
     * Identifies everything that the vector depends on: documents with one key have one vector.
     *
     * @param hashes SHA-256 of each file
     */
    String contentKey(List<String> hashes);

    /**
     * What to embed.
     *
     * @param contents the bytes of each file
     * @throws InputException when they are not what they should be
     */
    Input input(List<byte[]> contents);

    /** What a document is made of. */
    enum Kind {
        IMAGE,
        TEXT,
        MIXED
    }

    /**
     * A file of a document.
     *
     * @param name how the index remembers it: for files beside the index a relative path, so that they can be moved together
     * @param path where it is now
     */
    record Source(String name, Path path) {}

    /** A picture file, embedded with the standard instruction. */
    record PictureFile(String id, Path path) implements Document {
        @Override
        public Kind kind() {
            return Kind.IMAGE;
        }

        @Override
        public List<Source> files() {
            return List.of(new Source(id, path));
        }

        @Override
        public String contentKey(List<String> hashes) {
            return Given.key(Input.image(path), hashes);
        }

        @Override
        public Input input(List<byte[]> contents) {
            return Input.image(new ImageSource.Bytes(contents.getFirst(), id));
        }
    }

    /** A file whose whole content, in UTF-8, is one text. Line breaks at its end belong to the file, not to the text. */
    record TextFile(String id, Path path) implements Document {
        @Override
        public Kind kind() {
            return Kind.TEXT;
        }

        @Override
        public List<Source> files() {
            return List.of(new Source(id, path));
        }

        @Override
        public String contentKey(List<String> hashes) {
            return ContentKey.of(List.of("text file", hashes.getFirst()));
        }

        @Override
        public Input input(List<byte[]> contents) {
            try {
                String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(contents.getFirst())).toString();
                int end = text.length();
                while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) end--;
                return Input.text(text.substring(text.startsWith("\uFEFF") && end > 0 ? 1 : 0, end));
            } catch (CharacterCodingException e) {
                throw new InputException(id + ": is not a text in UTF-8", e);
            }
        }
    }

    /**
     * An input that is given as such.
     *
     * @param input its pictures are files
     * @param folder where the remembered paths of its pictures begin, so that they can be moved together with the index
     */
    record Given(String id, Input input, Path folder) implements Document {
        public Given {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(folder, "folder");
            for (ImageSource picture : input.images()) {
                if (!(picture instanceof ImageSource.File)) throw new IllegalArgumentException("expected pictures that are files");
            }
        }

        @Override
        public Kind kind() {
            if (input.images().isEmpty()) return Kind.TEXT;
            return input.prompt().endsWith(Input.BEGIN_OF_TEXT + Input.STANDARD_INSTRUCTION) ? Kind.IMAGE : Kind.MIXED;
        }

        @Override
        public List<Source> files() {
            return input.images().stream()
                    .map(picture -> ((ImageSource.File) picture).path())
                    .map(path -> new Source((path.startsWith(folder) ? folder.relativize(path) : path).toString(), path))
                    .toList();
        }

        @Override
        public String contentKey(List<String> hashes) {
            return key(input, hashes);
        }

        @Override
        public Input input(List<byte[]> contents) {
            List<ImageSource> pictures = new ArrayList<>();
            List<Source> files = files();
            for (int i = 0; i < contents.size(); i++) pictures.add(new ImageSource.Bytes(contents.get(i), files.get(i).name()));
            return new Input(input.prompt(), pictures, input.maxTokens());
        }

        static String key(Input input, List<String> hashes) {
            List<String> parts = new ArrayList<>(List.of("input", input.prompt(), Integer.toString(input.maxTokens())));
            parts.addAll(hashes);
            return ContentKey.of(parts);
        }
    }
}
