package dev.mme5.cli;

/** Entry. */
public final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        Stderr.restore(System.getProperty("mme5.stderr.fd", ""));
        System.out.println("out " + String.join("|", args) + ProcessHandle.current().pid());
        System.err.println("err " + System.getProperties().get("mme5.stderr.terminal"));
        if (args.length > 0) Thread.sleep(Long.parseLong(args[0]));
        System.exit(7);
    }
}
