namespace Elsa.Expressions.Models;

/// <summary>How an input gets its value: the name of a syntax ("Literal", "JavaScript", "Variable", …) and what is written in it.</summary>
public class Expression
{
    /// <summary>Creates an empty literal.</summary>
    public Expression()
    {
    }

    /// <summary>Creates an expression.</summary>
    public Expression(string type, object? value)
    {
        Type = type;
        Value = value;
    }

    /// <summary>The syntax. Default "Literal".</summary>
    public string Type { get; set; } = "Literal";

    /// <summary>What is written in the syntax: text, a variable, or a delegate.</summary>
    public object? Value { get; set; }

    /// <summary>Creates a constant.</summary>
    public static Expression LiteralExpression(object? value) => new("Literal", value);

    /// <summary>Creates an expression from code. It lives in the program and is never stored.</summary>
    public static Expression DelegateExpression(Func<ExpressionExecutionContext, ValueTask<object?>> value) => new("Delegate", value);

    /// <summary>Creates an expression from code. It lives in the program and is never stored.</summary>
    public static Expression DelegateExpression<T>(Func<ExpressionExecutionContext, ValueTask<T>> value) =>
        DelegateExpression(async context => (object?)await value(context));

    /// <summary>Creates an expression from code. It lives in the program and is never stored.</summary>
    public static Expression DelegateExpression<T>(Func<ValueTask<T>> value) =>
        DelegateExpression(async _ => (object?)await value());

    /// <summary>Creates an expression from code. It lives in the program and is never stored.</summary>
    public static Expression DelegateExpression<T>(Func<ExpressionExecutionContext, T> value) =>
        DelegateExpression(context => new ValueTask<object?>(value(context)));

    /// <summary>Creates an expression from code. It lives in the program and is never stored.</summary>
    public static Expression DelegateExpression<T>(Func<T> value) => DelegateExpression(_ => new ValueTask<object?>(value()));
}
