-- The recipe of docs/STORES.md; pgvector.mjs runs it.

CREATE EXTENSION IF NOT EXISTS vector;

CREATE TABLE documents (
    id        text PRIMARY KEY,
    body      text,
    metadata  jsonb,
    embedding halfvec(4096) NOT NULL   -- or vector(4096), twice the size
);

CREATE INDEX documents_embedding ON documents
    USING hnsw ((binary_quantize(embedding)::bit(4096)) bit_hamming_ops);

CREATE FUNCTION nearest(query halfvec(4096), wanted int, candidates int) RETURNS TABLE (id text, cosine float8)
LANGUAGE sql STABLE AS $$
    WITH near AS MATERIALIZED (
        SELECT d.id, d.embedding
        FROM documents d
        ORDER BY binary_quantize(d.embedding)::bit(4096) <~> binary_quantize(query)::bit(4096)
        LIMIT candidates
    )
    SELECT near.id, 1 - (near.embedding <=> query) FROM near ORDER BY near.embedding <=> query LIMIT wanted
$$;
