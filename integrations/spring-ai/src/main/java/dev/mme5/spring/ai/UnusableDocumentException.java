package dev.mme5.spring.ai;

import dev.mme5.json.Mme5Exception;

/**
 * A document that cannot be embedded: an image that is missing, damaged or outside the allowed folders, media of another kind. Nothing of
 * its request was embedded. If the engine refused the input, the cause is its {@code InputException}.
 */
public final class UnusableDocumentException extends Mme5Exception {
    private static final long serialVersionUID = 1;

    /** The document's id. */
    private final String documentId;

    UnusableDocumentException(String documentId, String reason, Throwable cause) {
        super("document " + documentId + ": " + reason, cause);
        this.documentId = documentId;
    }

    UnusableDocumentException(String documentId, String reason) {
        this(documentId, reason, null);
    }

    /** The id of the document. */
    public String documentId() {
        return documentId;
    }
}
