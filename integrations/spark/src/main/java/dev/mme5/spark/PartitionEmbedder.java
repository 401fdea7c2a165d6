package dev.mme5.spark;

import dev.mme5.engine.EmbeddingModel;
import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;

/** What a task does: its partition's rows in, the same rows with vectors out, on the model of its JVM. Travels from driver to executors. */
final class PartitionEmbedder implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1;

    private final EmbedSettings settings;
    private final int textCol;
    private final int imageCol;
    private final SerializableConfiguration hadoop;

    PartitionEmbedder(EmbedSettings settings, StructType schema, SerializableConfiguration hadoop) {
        this.settings = settings;
        this.textCol = settings.textCol() == null ? -1 : schema.fieldIndex(settings.textCol());
        this.imageCol = settings.imageCol() == null ? -1 : schema.fieldIndex(settings.imageCol());
        this.hadoop = hadoop;
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        if (!rows.hasNext()) return rows;   // no rows, no model
        EmbeddingModel model = SharedModels.ofThisJvm().get(settings.model());
        RowInputs inputs = RowInputs.of(textCol, imageCol, settings.instruction(), new ImageValues(hadoop.value()));
        EmbeddedRows embedded = new EmbeddedRows(rows, inputs, model, settings);
        TaskContext.get().addTaskCompletionListener((TaskCompletionListener) _ -> embedded.close());
        return embedded;
    }
}
