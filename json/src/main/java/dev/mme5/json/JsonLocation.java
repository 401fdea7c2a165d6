package dev.mme5.json;

/**
 * Where a container stands: a link to the place that holds it and its own name or index there. The path is spelled out only
 * when a message needs it; a tokenizer has some hundred thousand arrays, and nearly all are fine.
 *
 * @param source the file
 * @param parent null at the root
 * @param key name in the parent; null in an array and at the root
 * @param index index in the parent; meaningless in an object
 */
record JsonLocation(String source, JsonLocation parent, String key, int index) {
    static JsonLocation root(String source) {
        return new JsonLocation(source, null, null, 0);
    }

    JsonLocation ofMember(String name) {
        return new JsonLocation(source, this, name, 0);
    }

    JsonLocation ofElement(int i) {
        return new JsonLocation(source, this, null, i);
    }

    /** Path of a member of the object that stands here. */
    String member(String name) {
        String path = toString();
        return path.isEmpty() ? name : path + "." + name;
    }

    /** Path of an element of the array that stands here. */
    String element(int i) {
        return this + "[" + i + "]";
    }

    @Override
    public String toString() {
        if (parent == null) return "";
        return key == null ? parent.element(index) : parent.member(key);
    }
}
