package dev.mme5.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.search.index.Indexes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Documents that do not fit into the heap are failures; the others are searched. */
class LargeDocumentsTest {
    private static final long BYTES = 150L << 20;

    @TempDir
    Path folder;

    @Test
    @Timeout(120)
    void documentThatDoesNotFitIsAFailureOfItsOwn() throws Exception {
        for (String name : new String[] {"b.jpg", "c.txt"}) {
            try (RandomAccessFile file = new RandomAccessFile(folder.resolve(name).toFile(), "rw")) {
                file.setLength(BYTES); // a hole in the file: no disk is needed
            }
        }
        for (String name : new String[] {"a.txt", "d.txt"}) Files.writeString(folder.resolve(name), "text of " + name);
        ProcessBuilder child = ChildJvm.of(Update.class, folder.toString());
        child.command().add(1, "-Xmx100m");

        assertThat(ChildJvm.run(child).lines()).containsExactly("2 documents",
                "b.jpg: does not fit in the memory of the Java machine (-Xmx)",
                "c.txt: does not fit in the memory of the Java machine (-Xmx)");
    }

    /** Prints what an update of a folder says. */
    static final class Update {
        public static void main(String[] args) throws IOException {
            Path folder = Path.of(args[0]);
            try (EmbeddingModel model = Indexes.model(1)) {
                IndexReport report = new IndexUpdate(model, folder.resolve(".index"))
                        .run(FolderDocuments.scan(folder), false, IndexUpdate.Listener.NONE);
                System.out.println(report.documents() + " documents");
                report.failures().forEach(failure -> System.out.println(failure.message()));
            }
        }
    }
}
