package dev.mme5.server.http;

import dev.mme5.json.JsonWriter;

/** The shape of errors, which differs between the interfaces that are spoken here. */
public enum Dialect {
    /** <code>{"error": {"message", "type", "param", "code"}}</code>. */
    OPENAI {
        @Override
        String error(Problem problem) {
            JsonWriter json = new JsonWriter().beginObject().name("error").beginObject();
            json.member("message", problem.getMessage()).member("type", type(problem.status()));
            if (problem.param() == null) json.name("param").nullValue();
            else json.member("param", problem.param());
            return json.member("code", problem.code()).endObject().endObject().toString();
        }
    },

    /** <code>{"message"}</code>, with the place. */
    COHERE {
        @Override
        String error(Problem problem) {
            JsonWriter json = new JsonWriter().beginObject().member("message", problem.getMessage());
            if (problem.param() != null) json.member("param", problem.param());
            return json.endObject().toString();
        }
    },

    /** <code>{"error", "error_type"}</code> of Text Embeddings Inference. */
    TEI {
        @Override
        String error(Problem problem) {
            String type = switch (problem.status()) {
                case 400, 413, 415, 422 -> "Validation";
                case 429 -> "Overloaded";
                case 503 -> "Unhealthy";
                default -> "Backend";
            };
            JsonWriter json = new JsonWriter().beginObject().member("error", problem.getMessage()).member("error_type", type);
            if (problem.param() != null) json.member("param", problem.param());
            return json.endObject().toString();
        }
    };

    /** One line of JSON. */
    abstract String error(Problem problem);

    private static String type(int status) {
        return switch (status) {
            case 401, 403 -> "authentication_error";
            case 404 -> "not_found_error";
            case 429 -> "rate_limit_error";
            case 500, 503 -> "server_error";
            default -> "invalid_request_error";
        };
    }
}
