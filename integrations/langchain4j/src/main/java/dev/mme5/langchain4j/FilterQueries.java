package dev.mme5.langchain4j;

import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.langchain4j.store.embedding.filter.comparison.ContainsString;
import dev.langchain4j.store.embedding.filter.comparison.IsEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsGreaterThan;
import dev.langchain4j.store.embedding.filter.comparison.IsGreaterThanOrEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsIn;
import dev.langchain4j.store.embedding.filter.comparison.IsLessThan;
import dev.langchain4j.store.embedding.filter.comparison.IsLessThanOrEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsNotEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsNotIn;
import dev.langchain4j.store.embedding.filter.logical.And;
import dev.langchain4j.store.embedding.filter.logical.Not;
import dev.langchain4j.store.embedding.filter.logical.Or;
import dev.mme5.lucene.MetadataQueries;
import java.util.List;
import org.apache.lucene.search.Query;

/** LangChain4j's filters as Lucene's queries. */
final class FilterQueries {
    private FilterQueries() {}

    static Query of(Filter filter) {
        return switch (filter) {
            case And and -> MetadataQueries.all(List.of(of(and.left()), of(and.right())));
            case Or or -> MetadataQueries.any(List.of(of(or.left()), of(or.right())));
            case Not not -> MetadataQueries.not(of(not.expression()));
            case IsEqualTo it -> MetadataQueries.equalTo(it.key(), it.comparisonValue());
            case IsNotEqualTo it -> MetadataQueries.not(MetadataQueries.equalTo(it.key(), it.comparisonValue()));
            case IsIn it -> MetadataQueries.in(it.key(), it.comparisonValues());
            case IsNotIn it -> MetadataQueries.not(MetadataQueries.in(it.key(), it.comparisonValues()));
            case IsGreaterThan it -> MetadataQueries.greaterThan(it.key(), it.comparisonValue());
            case IsGreaterThanOrEqualTo it -> MetadataQueries.atLeast(it.key(), it.comparisonValue());
            case IsLessThan it -> MetadataQueries.lessThan(it.key(), it.comparisonValue());
            case IsLessThanOrEqualTo it -> MetadataQueries.atMost(it.key(), it.comparisonValue());
            case ContainsString it -> MetadataQueries.contains(it.key(), it.comparisonValue());
            default -> throw new UnsupportedFeatureException("the store has no filter " + filter.getClass().getName());
        };
    }
}
