package dev.mme5.spark;

import dev.mme5.engine.Precision;
import java.io.Serializable;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * What an executor needs to know to embed rows. The model is named, not sent.
 *
 * @param model which model, and how it runs
 * @param textCol the column of texts, or null
 * @param imageCol the column of images, or null
 * @param instruction the words around every text, as {@link Mme5Embedder#setInstruction} describes; empty for none
 * @param outputCol the new column of vectors
 * @param precision FLOAT32, BINARY or UBINARY
 * @param dimensions how many numbers of each vector are kept, 0 for all
 * @param batchTokens about how many tokens are given to the engine at once
 * @param failsJob whether a row that cannot be embedded fails the job
 * @param errorCol the new column of errors, or empty
 */
record EmbedSettings(ModelSettings model, String textCol, String imageCol, String instruction, String outputCol,
        Precision precision, int dimensions, int batchTokens, boolean failsJob, String errorCol) implements Serializable {

    boolean hasErrorCol() {
        return !errorCol.isEmpty();
    }

    /** The type of the column of vectors. */
    DataType vectorType() {
        return precision == Precision.FLOAT32 ? DataTypes.createArrayType(DataTypes.FloatType, false) : DataTypes.BinaryType;
    }

    /**
     * One open model of a JVM has one of these.
     *
     * @param model a folder that every executor has, or ORG/NAME in its Hugging Face cache
     * @param threads 0 for the cores of the executor
     * @param maxTokens 0 for the model's own limit
     * @param requiresVector whether an executor without the vector module refuses to work
     */
    record ModelSettings(String model, int threads, int maxTokens, boolean requiresVector) implements Serializable {}
}
