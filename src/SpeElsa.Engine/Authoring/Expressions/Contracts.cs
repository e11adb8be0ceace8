using Elsa.Expressions.Models;

namespace Elsa.Expressions.Contracts;

/// <summary>Computes the values of one expression syntax.</summary>
public interface IExpressionHandler
{
    /// <summary>Computes a value. It need not be of the type asked for: the evaluator converts it.</summary>
    /// <param name="expression">What is written.</param>
    /// <param name="returnType">What the value is for.</param>
    /// <param name="context">What the expression sees.</param>
    /// <param name="options">Arguments of this one evaluation.</param>
    ValueTask<object?> EvaluateAsync(Expression expression, Type returnType, ExpressionExecutionContext context, ExpressionEvaluatorOptions options);
}

/// <summary>Computes the value of an expression in any known syntax.</summary>
public interface IExpressionEvaluator
{
    /// <summary>Computes a value and converts it.</summary>
    /// <exception cref="NotSupportedException">The syntax is not known here.</exception>
    /// <exception cref="FormatException">The value can not be read as that type.</exception>
    ValueTask<T?> EvaluateAsync<T>(Expression expression, ExpressionExecutionContext context, ExpressionEvaluatorOptions? options = null);

    /// <summary>Computes a value and converts it.</summary>
    /// <exception cref="NotSupportedException">The syntax is not known here.</exception>
    /// <exception cref="FormatException">The value can not be read as that type.</exception>
    ValueTask<object?> EvaluateAsync(Expression expression, Type returnType, ExpressionExecutionContext context, ExpressionEvaluatorOptions? options = null);
}

/// <summary>Brings expression syntaxes.</summary>
public interface IExpressionDescriptorProvider
{
    /// <summary>The syntaxes, in the order in which designers list them.</summary>
    IEnumerable<ExpressionDescriptor> GetDescriptors();
}

/// <summary>The expression syntaxes of this host.</summary>
public interface IExpressionDescriptorRegistry
{
    /// <summary>Adds a syntax; one that has its name already is replaced.</summary>
    void Add(ExpressionDescriptor descriptor);

    /// <summary>Adds syntaxes; those that have their names already are replaced.</summary>
    void AddRange(IEnumerable<ExpressionDescriptor> descriptors);

    /// <summary>All syntaxes, in the order in which they were first added.</summary>
    IEnumerable<ExpressionDescriptor> ListAll();

    /// <summary>Finds the first syntax that fits, or null.</summary>
    ExpressionDescriptor? Find(Func<ExpressionDescriptor, bool> predicate);

    /// <summary>Finds a syntax by its stored name, or null. Case does not matter.</summary>
    ExpressionDescriptor? Find(string type);
}
