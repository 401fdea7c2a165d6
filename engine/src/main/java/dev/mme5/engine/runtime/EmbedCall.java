package dev.mme5.engine.runtime;

import dev.mme5.engine.failure.Refusal;
import dev.mme5.engine.family.RefusedInputException;
import dev.mme5.engine.family.TokenCount;
import dev.mme5.engine.nn.Interruption;
import dev.mme5.engine.runtime.memory.MemoryBudget;
import dev.mme5.engine.runtime.memory.Reservation;
import dev.mme5.engine.runtime.pass.EmbeddedInput;
import dev.mme5.engine.runtime.pass.PassQueue;
import dev.mme5.engine.runtime.pass.PreparedInput;
import dev.mme5.engine.runtime.waiting.WaitTime;
import dev.mme5.tokenizer.Encoding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The inputs of one call on their way through the model. Because matmuls over many tokens are faster, tokens of many texts are packed
 * into one pass, up to a number of tokens; consecutive prompts about the same images share those too. No vector depends on what it was
 * packed with, so a text that comes several times is embedded once, and its other outcomes have that vector.
 *
 * <p>A call never waits for memory while it holds some: it first embeds what it has prepared, then asks.
 */
final class EmbedCall {
    private final InputAdmission admission;
    private final PassQueue passes;
    private final MemoryBudget budget;
    private final EqualTexts equalTexts;
    private final List<ModelInput> inputs; // without the copies of texts
    private final Progress listener;
    private final boolean urgent;
    private final Outcome[] outcomes;
    private final DecodeAhead ahead;
    private final WaitTime time = new WaitTime(); // of all waits of this call together
    private final Pack texts; // null, as prompts, in a call with one input, which no other part of the call shares its pass with
    private final Pack prompts;
    private Reservation reservation;
    private int done;

    /** Which inputs are texts that an earlier one has too, with the same settings. */
    private static final class EqualTexts {
        private final List<ModelInput> distinct = new ArrayList<>();
        private final int[] indices; // of each input's text, or of the input itself, in distinct
        private final int[] copies; // of each of the distinct ones

        EqualTexts(List<ModelInput> inputs) {
            // By settings, then by text. The keys are comparable: texts chosen to have one hash are found fast, too.
            Map<Long, Map<String, Integer>> first = new HashMap<>();
            indices = new int[inputs.size()];
            copies = new int[inputs.size()];
            for (int i = 0; i < indices.length; i++) {
                ModelInput input = inputs.get(i);
                Integer known = null;
                if (input.images().isEmpty()) {
                    Map<String, Integer> same = first.computeIfAbsent(settings(input), settings -> new HashMap<>());
                    known = same.putIfAbsent(input.prompt(), distinct.size());
                }
                if (known != null) {
                    indices[i] = known;
                    copies[known]++;
                } else {
                    indices[i] = distinct.size();
                    distinct.add(input);
                }
            }
        }

        /** All settings of an input besides its prompt and images, as one number. */
        private static long settings(ModelInput input) {
            return 2L * input.maxTokens() + (input.isPlain() ? 1 : 0);
        }

        /** An outcome for each input. All tokens of a copy are shared, and so is the array of its vector, which nobody changes. */
        List<Outcome> expand(Outcome[] outcomes) {
            boolean[] used = new boolean[outcomes.length];
            List<Outcome> all = new ArrayList<>(indices.length);
            for (int index : indices) {
                Outcome outcome = outcomes[index];
                if (used[index] && outcome instanceof Outcome.Embedded e) {
                    outcome = new Outcome.Embedded(e.values(), e.tokens(), e.tokens(), e.truncated());
                }
                used[index] = true;
                all.add(outcome);
            }
            return all;
        }
    }

    /** Inputs that will go through the model together: all without images, or all about the same ones. */
    private final class Pack {
        private final List<Integer> indices = new ArrayList<>();
        private final List<PreparedInput> inputs = new ArrayList<>();
        private TokenCount tokens = passes.tokenCount();

        void add(int index, PreparedInput input) {
            indices.add(index);
            if (!inputs.isEmpty()) reservation.release(input.bytes());
            inputs.add(inputs.isEmpty() ? input : input.sharing(inputs.getFirst()));
            tokens.add(input.ids());
        }

        boolean takes(PreparedInput input) {
            if (inputs.isEmpty()) return true;
            int together = tokens.total() + tokens.added(input.ids());
            return together <= passes.maxTokens()
                    && inputs.getFirst().contents().equals(input.contents())
                    && reservation.tryPass(together, inputs.size() + 1, input.images().size());
        }

        void clear() {
            indices.clear();
            inputs.clear();
            tokens = passes.tokenCount();
        }
    }

    /** @param urgent for a call from inside another one: it does not wait for memory, which the other one may hold */
    EmbedCall(
            InputAdmission admission, PassQueue passes, MemoryBudget budget, List<ModelInput> inputs, Progress listener, boolean urgent) {
        this.admission = admission;
        this.passes = passes;
        this.budget = budget;
        this.equalTexts = new EqualTexts(inputs);
        this.inputs = equalTexts.distinct;
        this.listener = listener;
        this.urgent = urgent;
        this.outcomes = new Outcome[this.inputs.size()];
        this.ahead = new DecodeAhead(admission, this.inputs);
        this.texts = this.inputs.size() == 1 ? null : new Pack();
        this.prompts = this.inputs.size() == 1 ? null : new Pack();
    }

    /** One outcome for each input, in order. */
    List<Outcome> run() {
        long callerBytes = 0;
        for (ModelInput input : inputs) callerBytes += input.callerBytes();
        if (callerBytes > 0) budget.addCallerBytes(callerBytes);
        try {
            if (inputs.size() == 1) {
                Interruption.check();
                finish(0, embedOne(0, false));
            } else {
                embedAll();
            }
        } finally {
            if (callerBytes > 0) budget.addCallerBytes(-callerBytes);
        }
        return equalTexts.expand(outcomes);
    }

    /**
     * An input by itself. If the heap runs out all the same, because others fill it, the input is tried again when no other call has
     * memory.
     */
    private Outcome embedOne(int index, boolean alone) {
        try {
            InputAdmission.Admitted admitted = admission.admit(inputs.get(index), alone, urgent, time);
            try (Reservation held = admitted.reservation()) {
                EmbeddedInput[] results = passes.run(List.of(admitted.input()), held, time);
                return outcome(results[0], admitted.input());
            }
        } catch (RefusedInputException e) {
            return new Outcome.Refused(e);
        } catch (OutOfMemoryError e) {
            if (alone || urgent) throw e;
        }
        return embedOne(index, true);
    }

    private void embedAll() {
        try (ahead) {
            for (int i = 0; i < inputs.size(); i++) {
                Interruption.check();
                try {
                    PreparedInput input = prepare(i);
                    ahead.start(i + 1, reservation);
                    take(i, input);
                } catch (RefusedInputException e) {
                    finish(i, new Outcome.Refused(e));
                }
            }
            embed(texts);
            embed(prompts);
        } finally {
            if (reservation != null) reservation.close();
        }
    }

    /** The input, with memory for a pass of its own in the reservation. */
    private PreparedInput prepare(int index) {
        PreparedInput prepared = reservation == null ? null : prepareNow(index);
        if (prepared != null) return prepared;
        releaseAll();
        InputAdmission.Admitted admitted = admission.admit(inputs.get(index), false, urgent, time);
        reservation = admitted.reservation();
        return admitted.input();
    }

    /** The same with memory that is free now; null if there is too little, or others wait for it. */
    private PreparedInput prepareNow(int index) {
        ModelInput input = inputs.get(index);
        int images = input.images().size();
        PreparedInput prepared = ahead.take(index);
        if (prepared != null) return reservation.tryPass(prepared.ids().length, 1, images) ? prepared : null;
        if (images > 0 && budget.hasWaiting()) return null;
        Encoding encoding = admission.preparer().encode(input);
        if (!reservation.tryPass(encoding.ids().length, 1, images)) return null;
        return admission.tryPrepare(input, encoding, reservation, false);
    }

    /** Embeds what is prepared and gives all memory back. */
    private void releaseAll() {
        embed(texts);
        embed(prompts);
        if (reservation != null) reservation.close();
        reservation = null;
    }

    private void take(int index, PreparedInput input) {
        Pack pack = input.images().isEmpty() ? texts : prompts;
        if (!pack.takes(input)) {
            embed(pack);
            if (!waitAgain(input)) {
                finish(index, embedOne(index, true));
                return;
            }
        }
        pack.add(index, input);
    }

    /**
     * Between two passes, a call that holds nothing, nor is about to, queues again behind those that wait for memory.
     *
     * @return false if the heap ran out and the input is no longer reserved
     */
    private boolean waitAgain(PreparedInput input) {
        if (reservation == null) return false;
        if (ahead.isStarted() || reservation.held() > 0 || !texts.inputs.isEmpty() || !budget.hasWaiting()) return true;
        reservation.close();
        long pass = budget.memory().estimate().pass(input.ids().length, 0);
        reservation = budget.reserve(0, pass, budget.ticket(), urgent, time);
        return true;
    }

    private void embed(Pack pack) {
        if (pack.inputs.isEmpty()) return;
        List<Integer> indices = List.copyOf(pack.indices);
        List<PreparedInput> packed = List.copyOf(pack.inputs);
        EmbeddedInput[] results;
        try {
            results = passes.run(packed, reservation, time);
        } catch (OutOfMemoryError e) {
            embedAlone();
            return;
        }
        reservation.release(packed.getFirst().bytes());
        pack.clear();
        for (int i = 0; i < results.length; i++) finish(indices.get(i), outcome(results[i], packed.get(i)));
    }

    /** The heap ran out: all that is prepared goes one by one, when no other call has memory. */
    private void embedAlone() {
        ahead.drop();
        List<Integer> indices = new ArrayList<>(texts.indices);
        indices.addAll(prompts.indices);
        texts.clear();
        prompts.clear();
        reservation.close();
        reservation = null;
        for (int index : indices) finish(index, embedOne(index, true));
    }

    private static Outcome outcome(EmbeddedInput result, PreparedInput input) {
        for (float value : result.values()) {
            if (!Float.isFinite(value)) {
                return new Outcome.Refused(new RefusedInputException(Refusal.NOT_FINITE,
                        "the model computed " + value + ": its weights are damaged or too large for float32"));
            }
        }
        return new Outcome.Embedded(result.values(), input.ids().length, result.sharedTokens(), input.truncated());
    }

    private void finish(int index, Outcome outcome) {
        outcomes[index] = outcome;
        int copies = equalTexts.copies[index];
        if (copies > 0 && outcome instanceof Outcome.Embedded embedded) passes.countCopies(copies, embedded.tokens());
        for (int i = 0; i <= copies; i++) listener.progress(++done, equalTexts.indices.length);
    }
}
