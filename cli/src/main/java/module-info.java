/** The {@code mme5} command. */
module dev.mme5.cli {
    requires dev.mme5.engine;
    requires dev.mme5.hub;
    requires dev.mme5.json;
    requires dev.mme5.lucene;
    requires dev.mme5.search;
    requires dev.mme5.tokenizer;
    requires dev.mme5.weights;
    requires info.picocli;
    requires java.logging; // Lucene logs there what belongs on no one's screen

    opens dev.mme5.cli to info.picocli;
    opens dev.mme5.cli.command to info.picocli;
    opens dev.mme5.cli.option to info.picocli;
}
