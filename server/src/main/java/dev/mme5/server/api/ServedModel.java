package dev.mme5.server.api;

import dev.mme5.engine.BusyException;
import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.EmbeddingResult;
import dev.mme5.engine.Input;
import dev.mme5.engine.InputException;
import dev.mme5.json.JsonArray;
import dev.mme5.server.http.Call;
import dev.mme5.server.http.Problem;
import dev.mme5.server.queue.Embedder;
import dev.mme5.server.queue.ModelFailedException;
import dev.mme5.server.queue.QueueFullException;
import java.util.ArrayList;
import java.util.List;

/**
 * The model that answers, and what is said about it.
 *
 * @param model the open model
 * @param name what answers call it
 * @param dtype how most of its weights are stored
 * @param takesImages whether its inputs may have images
 * @param pooling how the vector is made of token states, in TEI's words: {@code last_token}, {@code mean} or {@code cls}
 * @param tokens its tokenizer
 * @param embedder packs the inputs of all requests
 * @param instructions which instruction goes with which kind of input
 * @param maxInputs most inputs of a request
 */
public record ServedModel(
        EmbeddingModel model, String name, String dtype, boolean takesImages, String pooling, TextTokens tokens, Embedder embedder,
        Instructions instructions, int maxInputs) {
    /** Of an embedding's objects. */
    private static final long RESULT_BYTES = 128;

    /** @throws Problem 413 when a request has too many inputs, 400 when it has none */
    void checkCount(String param, int count) {
        if (count == 0) throw Problem.wrong(param, param + ": expected at least one input, found none");
        if (count > maxInputs) throw Problem.tooLarge(param, "%s: expected at most %d inputs, found %d".formatted(param, maxInputs, count));
    }

    /**
     * The text with an instruction of the operator, which may have a place for it, or a prompt of the model's folder, which is put in front
     * as it is, braces and all.
     */
    String withPrompt(String name, String text) {
        if (name == null) return text;
        String template = instructions.find(name);
        if (template != null) return Instructions.fill(template, text);
        String prompt = model.prompts().get(name);
        if (prompt == null) {
            List<String> names = new ArrayList<>(instructions.templates().keySet());
            names.addAll(model.prompts().keySet());
            throw Problem.wrong("prompt_name", names.isEmpty()
                    ? "prompt_name: this model has no prompts"
                    : "prompt_name: expected one of " + names.stream().sorted().distinct().toList());
        }
        return prompt + text;
    }

    /** An item of the model's own token ids, in front of which nothing can be put. */
    Item ofTokenIds(String promptName, JsonArray ids, String place) {
        if (promptName != null) {
            throw Problem.wrong("prompt_name", "prompt_name: expected texts, found token ids of the model, which are taken as they are");
        }
        return tokens.ofModel(ids.integers(), place);
    }

    /** The words of a search, with the instruction for queries if there is one. */
    public String asQuery(String text) {
        return instructions.apply("query", text);
    }

    /** Embeds items; what is too long loses its end. The vectors have unit length. */
    public List<Embedding> embedCutting(Call call, List<Item> items) throws InterruptedException {
        return Vectors.cut(embed(call, items, Truncation.END), 0);
    }

    /**
     * Embeds items; the vectors are the model's, of any length. The memory of the request becomes free but for theirs.
     *
     * @throws Problem when one of them cannot be embedded
     */
    List<Embedding> embed(Call call, List<Item> items, Truncation truncation) throws InterruptedException {
        int limit = truncation.limit() == 0 ? tokens.maxTokens() : Math.min(truncation.limit(), tokens.maxTokens());
        String imageInstruction = instructions.forImages(Input.STANDARD_INSTRUCTION);
        List<Input> inputs = new ArrayList<>(items.size());
        long bytes = 0;
        for (Item item : items) {
            Item fitting = fit(item, truncation.side(), limit, imageInstruction);
            Input input = fitting.input(imageInstruction);
            inputs.add(limit == tokens.maxTokens() ? input : input.withMaxTokens(limit));
            bytes += item.bytes();
        }
        call.keepOnly(bytes);
        call.reserveResults(items.size() * (RESULT_BYTES + Float.BYTES * (long) model.dimensions()));
        List<EmbeddingResult> results = embedAll(inputs);
        List<Embedding> embeddings = new ArrayList<>(results.size());
        long total = 0;
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i).failed()) throw refused(items.get(i), results.get(i).error());
            embeddings.add(results.get(i).embedding());
            total += results.get(i).embedding().tokens();
        }
        call.count(items.size(), total);
        return embeddings;
    }

    private List<EmbeddingResult> embedAll(List<Input> inputs) throws InterruptedException {
        try {
            return embedder.embed(inputs);
        } catch (QueueFullException e) {
            throw Problem.queueFull(e.retryAfterSeconds(), "%d requests are waiting; try again".formatted(e.waiting()));
        } catch (BusyException e) {
            throw Problem.unavailable(5, "memory_exhausted", "the memory for passes is in use by others; try again");
        } catch (ModelFailedException e) {
            System.getLogger(ServedModel.class.getName()).log(System.Logger.Level.ERROR, "the model cannot be used", e);
            throw Problem.unavailable(60, "model_failed", "the model cannot be used; the server's log says why");
        }
    }

    static Problem refused(Item item, InputException error) {
        String message = error.getMessage().startsWith(item.place()) ? error.getMessage() : item.place() + ": " + error.getMessage();
        if (isOutOfMemory(error)) return Problem.unavailable(5, "memory_exhausted", message);
        return switch (error.reason()) {
            case TOO_LARGE -> Problem.tooLarge(item.place(), message);
            case NOT_FINITE -> Problem.unavailable(60, "model_failed", message);
            default -> Problem.wrong(item.place(), message);
        };
    }

    /** Whether there was too little memory now: what can never fit is refused by its size, before any is taken. */
    private static boolean isOutOfMemory(InputException error) {
        for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) return true;
        }
        return false;
    }

    private Item fit(Item item, Truncation.Side side, int limit, String imageInstruction) {
        if (!takesImages && !item.images().isEmpty()) {
            throw Problem.wrong(item.place(), item.place() + ": the model takes no images, only texts");
        }
        return switch (side) {
            case END -> item;
            case START -> withoutStart(item, limit);
            case REFUSE -> {
                if (!tokens.isSurelyWithin(item, limit)) {
                    int count = count(item, imageInstruction);
                    if (count > limit) {
                        throw Problem.tooLong(item.place(), "%s: has %d tokens, the limit is %d".formatted(item.place(), count, limit));
                    }
                }
                yield item;
            }
        };
    }

    private Item withoutStart(Item item, int limit) {
        try {
            return tokens.withoutStart(item, limit);
        } catch (InputException e) {
            throw refused(item, e);
        }
    }

    private int count(Item item, String imageInstruction) {
        try {
            return tokens.count(item, imageInstruction);
        } catch (InputException e) {
            throw refused(item, e);
        }
    }
}
