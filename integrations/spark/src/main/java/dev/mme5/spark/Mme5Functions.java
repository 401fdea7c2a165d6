package dev.mme5.spark;

import dev.mme5.engine.InputException;
import dev.mme5.spark.EmbedSettings.ModelSettings;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;

/**
 * mme5 in SQL.
 *
 * {@snippet :
 * Mme5Functions.register(spark, new Mme5Embedder().setModel("intfloat/mmE5-mllama-11b-instruct"));
 * spark.sql("SELECT id, mme5_embed(title) FROM books");
 * }
 *
 * <p>A function sees one row at a time, so a task cannot pack its own rows; only those of tasks that run at once on an executor are.
 * For many rows, {@link Mme5Embedder} is faster.
 */
public final class Mme5Functions {
    /** The name of the function. */
    public static final String EMBED = "mme5_embed";

    private Mme5Functions() {}

    /**
     * Registers {@code mme5_embed(text)}: the vector of a text, or null for null.
     *
     * @param embedder names the model, the instruction, precision and dimensions; with onError null, a text that cannot be embedded has
     *     null. Its columns do not count.
     */
    public static void register(SparkSession spark, Mme5Embedder embedder) {
        EmbedSettings settings = embedder.settings();
        ClosingListener.addTo(spark.sparkContext());
        spark.udf().register(EMBED, new TextFunction(settings), settings.vectorType());
    }

    private static final class TextFunction implements UDF1<String, Object> {
        private static final long serialVersionUID = 1;

        private final EmbedSettings settings;

        TextFunction(EmbedSettings settings) {
            this.settings = settings;
        }

        @Override
        public Object call(String text) {
            if (text == null) return null;
            ModelSettings model = settings.model();
            try {
                return EmbeddedRows.stored(
                        SharedModels.ofThisJvm().get(model).embed(RowInputs.of(-1, -1, settings.instruction(), null).text(text)), settings);
            } catch (InputException e) {
                if (settings.failsJob()) throw new SparkEmbeddingException(EMBED + ": " + e.getMessage(), e);
                return null;
            }
        }
    }
}
