package dev.mme5.json;

/**
 * The location of an object or array in its file: its parent's location and its own name or index there. The path is built only
 * when a message needs it, because a tokenizer has some hundred thousand arrays and nearly all of them are valid.
 *
 * @param source the file
 * @param parent null at the root
 * @param key name in the parent; null in an array and at the root
 * @param index index in the parent; unused in an object and at the root
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

    /** Path of a member of the object at this location. */
    String member(String name) {
        String path = toString();
        return path.isEmpty() ? name : path + "." + name;
    }

    /** Path of an element of the array at this location. */
    String element(int i) {
        return this + "[" + i + "]";
    }

    @Override
    public String toString() {
        if (parent == null) return "";
        return key == null ? parent.element(index) : parent.member(key);
    }
}
