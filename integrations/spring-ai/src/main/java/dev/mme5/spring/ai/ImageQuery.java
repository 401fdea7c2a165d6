package dev.mme5.spring.ai;

import java.util.Map;

/**
 * A query by image for vector stores, which take words only. Its {@link #text} stands for the image's vector in calls of the model that
 * made it, until it is closed. The text is random, so nobody else can name the image.
 *
 * {@snippet :
 * try (ImageQuery query = model.imageQuery(photo)) {
 *     List<Document> found = store.similaritySearch(SearchRequest.builder().query(query.text()).topK(5).build());
 * }
 * }
 */
public final class ImageQuery implements AutoCloseable {
    private final String text;
    private final float[] vector;
    private final Map<String, ImageQuery> open;

    ImageQuery(String text, float[] vector, Map<String, ImageQuery> open) {
        this.text = text;
        this.vector = vector;
        this.open = open;
        open.put(text, this);
    }

    /** What a search request has in place of words. */
    public String text() {
        return text;
    }

    /** A copy of the vector, for stores that are asked by vector. */
    public float[] vector() {
        return vector.clone();
    }

    /** Ends it: from now on its text is only words. Closing twice is harmless. */
    @Override
    public void close() {
        open.remove(text);
    }
}
