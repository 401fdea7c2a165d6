package dev.mme5.spark;

import java.util.Arrays;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Which columns there must be, and which there are afterwards. */
final class EmbedSchema {
    private EmbedSchema() {}

    /** @throws IllegalArgumentException when a column is missing, of another type, or there already */
    static StructType of(StructType schema, EmbedSettings settings) {
        if (settings.textCol() == null && settings.imageCol() == null) {
            throw new IllegalArgumentException("textCol and imageCol are not set; set one of them, or both");
        }
        if (settings.textCol() != null && !(type(schema, settings.textCol()).equals(DataTypes.StringType))) {
            throw wrongType(schema, settings.textCol(), "string");
        }
        if (settings.imageCol() != null && !isImage(type(schema, settings.imageCol()))) {
            throw wrongType(schema, settings.imageCol(), "binary, string (a path) or Spark's image struct");
        }
        StructType embedded = schema.add(absent(schema, settings.outputCol()), settings.vectorType(), true);
        return settings.hasErrorCol() ? embedded.add(absent(embedded, settings.errorCol()), DataTypes.StringType, true) : embedded;
    }

    private static DataType type(StructType schema, String column) {
        if (!Arrays.asList(schema.fieldNames()).contains(column)) {
            throw new IllegalArgumentException("no column " + column + "; there are " + String.join(", ", schema.fieldNames()));
        }
        return schema.apply(column).dataType();
    }

    private static boolean isImage(DataType type) {
        if (type.equals(DataTypes.BinaryType) || type.equals(DataTypes.StringType)) return true;
        return type instanceof StructType struct && Arrays.equals(struct.fieldNames(), ImageSchema.imageFields());
    }

    private static IllegalArgumentException wrongType(StructType schema, String column, String expected) {
        return new IllegalArgumentException(
                "column " + column + ": expected " + expected + ", found " + schema.apply(column).dataType().simpleString());
    }

    private static String absent(StructType schema, String column) {
        if (Arrays.asList(schema.fieldNames()).contains(column)) {
            throw new IllegalArgumentException("there is a column " + column + " already; choose another name for the new one");
        }
        return column;
    }
}
