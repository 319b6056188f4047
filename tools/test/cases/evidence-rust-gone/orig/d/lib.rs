use kernel::x;

pub fn foo(a: i32) -> i32 {
    let a = 1;
    let b = 2;
    let c = 3;
    let d = 4;
    a
}
