package dev.mme5.langchain4j;

import dev.langchain4j.data.message.ContentType;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import java.util.Set;
import java.util.TreeSet;

/** What a request may ask of a model. What it cannot have is refused, never ignored. */
final class RequestChecks {
    private RequestChecks() {}

    /** @param request with the model's default parameters in it */
    static void check(Mme5EmbeddingModel model, EmbeddingRequest request) {
        Set<String> parameters = new TreeSet<>();
        for (EmbeddingParameter<?> parameter : request.parameters().presentParameters()) {
            if (!model.supportedParameters().contains(parameter)) parameters.add(parameter.name());
        }
        if (!parameters.isEmpty()) {
            throw new UnsupportedFeatureException("mme5 has no parameters " + parameters + ", only modelName, dimensions and inputType");
        }
        Set<ContentType> types = new TreeSet<>();
        for (EmbeddingInput input : request.inputs()) types.addAll(input.contentTypes());
        types.removeAll(model.supportedContentTypes());
        if (!types.isEmpty()) throw new UnsupportedFeatureException(unsupported(types, model.engine().takesImages()));

        if (!request.modelName().equals(model.modelName())) {
            throw new UnsupportedFeatureException("this model is " + model.modelName() + ", not " + request.modelName());
        }
        Integer dimensions = request.dimensions();
        if (dimensions != null && (dimensions < 1 || dimensions > model.maxDimensions())) {
            throw new InvalidRequestException("dimensions is " + dimensions + ", expected 1 to " + model.maxDimensions());
        }
    }

    private static String unsupported(Set<ContentType> types, boolean takesImages) {
        if (takesImages) return "mme5 embeds TEXT and IMAGE, not " + types;
        return types.contains(ContentType.IMAGE) ? "the model takes no images, only texts" : "the model takes only texts, not " + types;
    }
}
