package dev.mme5.spark;

import dev.mme5.engine.Precision;
import dev.mme5.spark.EmbedSettings.ModelSettings;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A stage of Spark's ML pipelines: adds a column of vectors for texts, images, or both in one row.
 *
 * {@snippet :
 * Dataset<Row> vectors = new Mme5Embedder()
 *         .setModel("intfloat/mmE5-mllama-11b-instruct")   // in every executor's Hugging Face cache; or a folder that each has
 *         .setTextCol("caption")
 *         .setImageCol("content")
 *         .transform(spark.read().format("binaryFile").load("hdfs:///photos"));
 * }
 *
 * <p>Each executor opens the model once, at its first row, and all its tasks share it. The vectors are, bit by bit, those of
 * {@code mme5 embed --no-special}, however the rows are partitioned. A row that cannot be embedded has a null vector and its error
 * in {@link #errorCol}, unless {@link #onError} says that it fails the job.
 */
public final class Mme5Embedder extends Transformer implements DefaultParamsWritable {
    /** A value of {@link #onError}: the row has a null vector, the job goes on. */
    public static final String NULL = "null";
    /** A value of {@link #onError}: the job fails. */
    public static final String FAIL = "fail";

    private static final long serialVersionUID = 1;
    private static final int BATCH_TOKENS = 16_384;

    private final String uid;
    private final Param<String> model;
    private final Param<String> textCol;
    private final Param<String> imageCol;
    private final Param<String> instruction;
    private final Param<String> outputCol;
    private final Param<String> precision;
    private final Param<String> onError;
    private final Param<String> errorCol;
    private final IntParam dimensions;
    private final IntParam batchTokens;
    private final IntParam maxTokens;
    private final IntParam threads;
    private final BooleanParam requireVector;

    /** A stage whose model and columns are still to be set. */
    public Mme5Embedder() {
        this(Identifiable.randomUID("mme5Embedder"));
    }

    /** @param uid the name of this stage in its pipeline */
    public Mme5Embedder(String uid) {
        this.uid = uid;   // before the parameters, which ask for it
        model = new Param<>(this, "model", "folder of the model on every executor, or ORG/NAME in its Hugging Face cache");
        textCol = new Param<>(this, "textCol", "column of texts");
        imageCol = new Param<>(this, "imageCol", "column of images: bytes of a file, its path, or Spark's image struct");
        instruction = new Param<>(this, "instruction", "what stands before every text, or with {text} in it around it");
        outputCol = new Param<>(this, "outputCol", "name of the column of vectors");
        precision = new Param<>(
                this, "precision", "float32, binary or ubinary", ParamValidators.inArray(List.of("float32", "binary", "ubinary")));
        onError = new Param<>(
                this, "onError", "what a row that cannot be embedded does: null or fail", ParamValidators.inArray(List.of(NULL, FAIL)));
        errorCol = new Param<>(this, "errorCol", "name of the column of errors, for onError null; empty for none");
        dimensions = atLeast(0, "dimensions", "how many numbers of a vector are kept; 0 for all");
        batchTokens = atLeast(1, "batchTokens", "about how many tokens the engine gets at once");
        maxTokens = atLeast(0, "maxTokens", "longest input in tokens, the rest is cut off; 0 for the model's limit");
        threads = atLeast(0, "threads", "threads of an executor's model; 0 for the executor's cores");
        requireVector = new BooleanParam(this, "requireVector", "whether a JVM without the vector module refuses to work");
        setDefault(instruction, "");
        setDefault(outputCol, "embedding");
        setDefault(precision, "float32");
        setDefault(onError, NULL);
        setDefault(errorCol, "error");
        setDefault(dimensions, 0);
        setDefault(batchTokens, BATCH_TOKENS);
        setDefault(maxTokens, 0);
        setDefault(threads, 0);
        setDefault(requireVector, true);
    }

    private IntParam atLeast(int min, String name, String doc) {
        return new IntParam(uid, name, doc, ParamValidators.gtEq(min));
    }

    @Override
    public String uid() {
        return uid;
    }

    /** Reads what {@link #save} wrote. */
    public static Mme5Embedder load(String path) {
        return read().load(path);
    }

    /** Reads stages; pipelines call it. */
    public static MLReader<Mme5Embedder> read() {
        return new DefaultParamsReader<>();
    }

    @Override
    public Mme5Embedder copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    /** @throws IllegalArgumentException when a column is missing, of another type, or there already */
    @Override
    public StructType transformSchema(StructType schema) {
        return EmbedSchema.of(schema, settings());
    }

    /** The same rows in the same partitions, with a column of vectors and, unless a row may fail the job, one of errors. */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        EmbedSettings settings = settings();
        StructType schema = dataset.schema();
        StructType embedded = EmbedSchema.of(schema, settings);
        SparkSession session = dataset.toDF().sparkSession();
        ClosingListener.addTo(session.sparkContext());
        SerializableConfiguration hadoop = new SerializableConfiguration(session.sparkContext().hadoopConfiguration());
        return dataset.toDF().mapPartitions(new PartitionEmbedder(settings, schema, hadoop), Encoders.row(embedded));
    }

    EmbedSettings settings() {
        boolean fails = getOrDefault(onError).equals(FAIL);
        ModelSettings modelSettings =
                new ModelSettings(required(model), integer(threads), integer(maxTokens), (boolean) getOrDefault(requireVector));
        return new EmbedSettings(modelSettings, orNull(textCol), orNull(imageCol), getOrDefault(instruction), getOrDefault(outputCol),
                Precision.valueOf(getOrDefault(precision).toUpperCase(Locale.ROOT)), integer(dimensions), integer(batchTokens), fails,
                fails ? "" : getOrDefault(errorCol));
    }

    private String required(Param<String> param) {
        if (!isSet(param)) throw new IllegalArgumentException(param.name() + " is not set: " + param.doc());
        return getOrDefault(param);
    }

    private String orNull(Param<String> param) {
        return isSet(param) ? getOrDefault(param) : null;
    }

    private int integer(IntParam param) {
        return (int) getOrDefault(param);
    }

    public Param<String> model() {
        return model;
    }

    /** @param folderOrName a folder that every executor has, or ORG/NAME of a model in its Hugging Face cache */
    public Mme5Embedder setModel(String folderOrName) {
        set(model, folderOrName);
        return this;
    }

    public Param<String> textCol() {
        return textCol;
    }

    /** @param column of strings. Special tokens in them, such as {@code <|image|>}, are text. */
    public Mme5Embedder setTextCol(String column) {
        set(textCol, column);
        return this;
    }

    public Param<String> imageCol() {
        return imageCol;
    }

    /** @param column of image files as bytes, of their paths on any file system that Spark reads, or of Spark's image struct */
    public Mme5Embedder setImageCol(String column) {
        set(imageCol, column);
        return this;
    }

    public Param<String> instruction() {
        return instruction;
    }

    /** @param words that stand before every text or, with <code>{text}</code> in them, around it; an image without a text has them alone */
    public Mme5Embedder setInstruction(String words) {
        set(instruction, words);
        return this;
    }

    public Param<String> outputCol() {
        return outputCol;
    }

    /** @param column to be added: array of float, or binary for the precisions of bits. Default: embedding. */
    public Mme5Embedder setOutputCol(String column) {
        set(outputCol, column);
        return this;
    }

    public Param<String> precision() {
        return precision;
    }

    /** @param name float32, binary or ubinary. int8 is not offered: its ranges come from all vectors of a collection. */
    public Mme5Embedder setPrecision(String name) {
        set(precision, name);
        return this;
    }

    public IntParam dimensions() {
        return dimensions;
    }

    /** @param count of numbers kept of each vector, scaled to unit length; 0, the default, for all */
    public Mme5Embedder setDimensions(int count) {
        set(dimensions, count);
        return this;
    }

    public IntParam batchTokens() {
        return batchTokens;
    }

    /** @param count of tokens, roughly, that a task hands to the engine at once; an image counts as 1,024. Default: 16,384. */
    public Mme5Embedder setBatchTokens(int count) {
        set(batchTokens, count);
        return this;
    }

    public IntParam maxTokens() {
        return maxTokens;
    }

    /** @param count of tokens after which an input is cut off; 0, the default, for the model's limit */
    public Mme5Embedder setMaxTokens(int count) {
        set(maxTokens, count);
        return this;
    }

    public IntParam threads() {
        return threads;
    }

    /** @param count of threads that an executor's model computes with; 0, the default, for {@code spark.executor.cores} */
    public Mme5Embedder setThreads(int count) {
        set(threads, count);
        return this;
    }

    public Param<String> onError() {
        return onError;
    }

    /** @param action {@link #NULL}, the default, or {@link #FAIL} */
    public Mme5Embedder setOnError(String action) {
        set(onError, action);
        return this;
    }

    public Param<String> errorCol() {
        return errorCol;
    }

    /** @param column to be added for the errors of rows, null where there is none; empty for no such column. Default: error. */
    public Mme5Embedder setErrorCol(String column) {
        set(errorCol, column);
        return this;
    }

    public BooleanParam requireVector() {
        return requireVector;
    }

    /** @param require false to run, many times slower, in JVMs without the vector module. Default: true. */
    public Mme5Embedder setRequireVector(boolean require) {
        set(requireVector, require);
        return this;
    }
}
